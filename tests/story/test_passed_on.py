"""What an account passed on, and cannot be read when its share goes: it gives nothing, and later runs come to rest."""

from __future__ import annotations

import pytest

from reconciler.kinds.lakeformation.grant import VOID
from reconciler.model.plan import Plan
from tests.delay import Delay
from tests.estate import ANALYTICS, Edit, Estate, failures, variant
from tests.story.test_gaps import DENIED
from tests.story.test_no_gap import INTERNAL, MODEL, REPORT, SOME_COLUMNS, people, readable, watched

NAMED: Edit = (REPORT, INTERNAL, SOME_COLUMNS)
ALL = "consumers/analytics-coe/subscriptions/"
SCENES: dict[str, tuple[tuple[Edit, ...], str]] = {
    "all of it, by tags": ((), ALL),
    "one of two, by tags": ((), MODEL),
    "the other of two, by tags": ((), REPORT),
    "all of it, by names and by tags": ((NAMED,), ALL),
    "what is by names": ((NAMED,), REPORT),
    "what is by tags": ((NAMED,), MODEL),
}
"""How the subscriptions are written, and which go."""
WITHOUT_TAGS = ("the other of two, by tags", "what is by names")
"""Where no LF-tag goes."""


def void(plan: Plan) -> int:
    return sum(other.reason == VOID for other in plan.foreign)


@pytest.mark.parametrize("scene", SCENES)
def test_what_goes_while_its_account_cannot_be_read_goes_and_later_runs_come_to_rest(
    built: Estate, delay: Delay, scene: str
) -> None:
    edits, gone = SCENES[scene]
    before = variant(*edits)
    after = variant(*(edit for edit in edits if not edit[0].startswith(gone)), without=[gone])
    built.repair(before)
    who = people(built)
    had, waited = readable(built, who), delay.waited.total()

    built.aws.faults({"operation": "ListPermissions", "account": ANALYTICS, **DENIED})
    built.sign_in_again()
    blind = built.review(after)
    assert blind.plan is not None
    # What gives no data waits, and says for what.
    told = [item.reason for item in blind.plan.held if " on tag " in item.address.name]
    assert all(f"{ANALYTICS} needs it" in reason and "Let Meshform read there" in reason for reason in told)
    assert bool(told) == (scene not in WITHOUT_TAGS)
    with watched(built, who) as states:
        assert not built.apply_reviewed(after).failed
    built.aws.world.faults.clear()
    for call, state in states:
        assert all(columns <= had[key] for key, columns in state.items()), f"somebody gained something after {call}"
    if gone == ALL:
        assert not [key for key, columns in readable(built, who).items() if columns and f":{ANALYTICS}:" in key[0]]

    built.sign_in_again()
    run = built.apply_reviewed(after)
    assert not run.failed, failures(run)
    left = built.plan(after)
    assert left.is_empty
    assert left.is_complete
    assert delay.waited.total() == waited, "it waited for what could not come"
    assert bool(void(left)) == (scene == "all of it, by names and by tags")

    # Given again it is taken back where nobody is to have it.
    built.repair(before)
    assert readable(built, who) == had
    assert void(built.plan(before)) == 0
