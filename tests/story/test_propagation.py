"""The example's first apply where other services hear of new roles and administrators only after a while."""

from __future__ import annotations

from reconciler.sandbox import sandbox
from tests.estate import Estate, bank, failures


def test_the_first_apply_waits_for_what_is_not_known_yet() -> None:
    with sandbox(propagation_ms=2_000) as aws:
        estate = Estate(aws)
        estate.empty()
        run = estate.apply_reviewed()
        assert not run.failed, failures(run)
        refused = ("InvalidInputException", "AccessDeniedException")
        assert any(call.error in refused for call in aws.calls), "nothing was refused, so nothing was waited for"
        assert estate.plan(bank()).is_empty
