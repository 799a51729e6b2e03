"""One throttled account: it finishes with no lost grant, and the other accounts do not notice it."""

from __future__ import annotations

from typing import Any

from reconciler import pipeline
from reconciler.aws.sessions import Sessions
from reconciler.model.outcome import Outcome
from tests.estate import ANALYTICS, Estate, every_rule, failures

THIRD: dict[str, Any] = {"account": ANALYTICS, "error": "ThrottlingException", "share": 0.3, "times": None}


def noticed(sessions: Sessions) -> dict[str, tuple[int, float]]:
    """The accounts that sent anything again or waited for their turn: how often, and how long."""
    found: dict[str, tuple[int, float]] = {}
    for (placement, _), pace in sessions.paces.items():
        retries, waited = found.get(placement.account, (0, 0.0))
        found[placement.account] = (retries + pace.retries, waited + pace.waited)
    return {account: told for account, told in found.items() if any(told)}


def test_an_account_that_throttles_a_third_of_all_calls_loses_no_grant_and_slows_no_other(estate: Estate) -> None:
    estate.aws.faults(THIRD)
    run = estate.apply_reviewed()
    assert not run.failed, failures(run)
    assert set(noticed(estate.sessions)) == {ANALYTICS}
    estate.aws.world.faults.clear()
    left = estate.plan()
    assert left.is_empty
    assert left.is_complete


def test_a_plan_of_a_throttled_account_is_complete(built: Estate) -> None:
    built.fresh_sessions()
    built.aws.faults(THIRD)
    plan = built.plan()
    assert plan.is_complete
    assert plan.is_empty
    assert set(noticed(built.sessions)) == {ANALYTICS}


def test_others_are_done_while_an_account_gets_nowhere(estate: Estate) -> None:
    """The throttling ends when everybody else has finished: whoever waited for that account would never be."""
    review = estate.review()
    assert review.plan is not None
    others = {step.address for step in review.plan.steps if step.address.placement.account != ANALYTICS}
    free = {where for where in others if not _waits_for(review.plan.steps, where)}
    assert len(free) > len(others) / 2
    estate.aws.faults({**THIRD, "share": 1.0})

    def progress(outcome: Outcome) -> None:
        free.discard(outcome.step.address)
        if not free:
            estate.aws.world.faults.clear()

    run = pipeline.apply_reviewed(review, estate.sessions, accepted=every_rule(), progress=progress)
    assert not free, sorted(free)[:3]
    failed = {outcome.step.address.placement.account for outcome in run.outcomes if outcome.result == "failed"}
    assert failed <= {ANALYTICS}
    assert set(noticed(estate.sessions)) == {ANALYTICS}


def _waits_for(steps: Any, where: Any) -> bool:
    """Whether a step needs one of the throttled account, directly or by way of others."""
    by_address = {step.address: step for step in steps}
    waiting = [where]
    seen: set[Any] = set()
    while waiting:
        address = waiting.pop()
        if address in seen or address not in by_address:
            continue
        seen.add(address)
        waiting += by_address[address].waits_for
    return any(address.placement.account == ANALYTICS for address in seen)


def test_an_entry_of_a_batch_that_is_throttled_alone_goes_again(estate: Estate) -> None:
    review = estate.review()
    throttled: dict[str, Any] = {"error": "ThrottlingException", "service": "lakeformation", "times": 2}
    estate.aws.faults({**throttled, "operation": "BatchGrantPermissions", "entries": (0, 3)})
    estate.aws.faults({**throttled, "operation": "AddLFTagsToResource"})
    run = pipeline.apply_reviewed(review, estate.sessions, accepted=every_rule())
    assert not run.failed, failures(run)
    estate.aws.world.faults.clear()
    assert estate.plan().is_empty
