"""The example's first apply where other services hear of new roles and administrators only after a while."""

from __future__ import annotations

from tests.delay import SECONDS, Delay
from tests.estate import Estate, bank, failures

LEVELS = 3
"""Administrators, roles, and what is given to roles that others made: each has to be known before the next."""


def test_the_first_apply_waits_once_a_level_and_not_once_a_resource(estate: Estate, delay: Delay) -> None:
    delay.waited.clear()
    run = estate.apply_reviewed()
    assert not run.failed, failures(run)
    refused = [call for call in estate.aws.calls if call.error in ("InvalidInputException", "AccessDeniedException")]
    assert refused, "nothing was refused, so nothing was waited for"
    assert estate.plan(bank()).is_empty
    # A thread may wait for each account in turn; a pause may go over by its last.
    assert max(delay.waited.values()) < LEVELS * (SECONDS + 8)
    assert len(refused) < 60, "what waits for the same thing is asked about together"


def test_a_change_and_the_end_wait_for_nothing_that_was_there(estate: Estate, delay: Delay) -> None:
    estate.repair()
    delay.over()
    delay.waited.clear()
    estate.repair()
    assert not delay.waited
