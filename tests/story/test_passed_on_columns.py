"""Columns by name, passed on in one list, of which an account keeps some for others while it cannot be read."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reconciler.aws.refusals import PATIENCE
from reconciler.model.plan import Plan
from reconciler.spec.mesh import Mesh
from tests.delay import Delay
from tests.estate import ANALYTICS, Estate, failures, variant
from tests.story.test_gaps import DENIED
from tests.story.test_no_gap import INTERNAL, MODEL, REPORT, WIDER, Readable, readable

TABLE = "credit-card.credit_card"
ANALYST, SCIENTIST = (
    f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/{name}" for name in ("credit-analyst", "data-scientist")
)
BELIEFS = [
    {"lists-of-columns": lists, "passed-on-after-revoke": passed_on}
    for lists, passed_on in product(("apart", "one"), ("kept", "gone"))
]
LISTS = st.lists(st.sampled_from(["duration", "housing", "purpose", "savings"]), min_size=1, max_size=3, unique=True)


def mesh_of_two(going: list[str], staying: list[str], *, is_one_person: bool, without: tuple[str, ...] = ()) -> Mesh:
    """The subscription that goes, and the one that stays, by names of columns."""
    edits = [(MODEL, WIDER, _by_name(staying))]
    if is_one_person:
        edits.append((MODEL, "[data-scientist]", "[credit-analyst]"))
    if not without:
        edits.append((REPORT, INTERNAL, _by_name(going)))
    return variant(*edits, without=without)


def _by_name(columns: list[str]) -> str:
    return f"tables:\n  - {{name: credit_card, columns: [{', '.join(columns)}]}}"


def read_by(estate: Estate) -> dict[str, frozenset[str]]:
    found: Readable = readable(estate, [ANALYST, SCIENTIST])
    return {who: found[who, TABLE] for who in (ANALYST, SCIENTIST)}


def settle(estate: Estate, mesh: Mesh) -> Plan:
    """Apply until nothing is left, at most twice: where AWS keeps lists as one, what was passed on may go with them."""
    for _ in range(2):
        run = estate.apply_reviewed(mesh)
        assert not run.failed, failures(run)
        left = estate.plan(mesh)
        if left.is_empty:
            break
    assert left.is_empty
    assert left.is_complete
    return left


def told(plan: Plan) -> dict[str, str]:
    """Who is told to have more than the mesh says, and in which words."""
    return {other.resource.spec.principal: other.reason for other in plan.added_rights}


@pytest.mark.parametrize("beliefs", BELIEFS, ids=lambda each: "-".join(each.values()))
@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(going=LISTS, staying=LISTS, is_one_person=st.booleans())
@example(going=["duration", "purpose"], staying=["purpose", "savings"], is_one_person=False)
@example(going=["duration", "purpose"], staying=["purpose", "savings"], is_one_person=True)
@example(going=["duration"], staying=["purpose"], is_one_person=True)
def test_later_runs_come_to_rest_and_whoever_keeps_more_is_told(
    built: Estate,
    delay: Delay,
    beliefs: dict[str, str],
    going: list[str],
    staying: list[str],
    *,
    is_one_person: bool,
) -> None:
    built.built()
    built.aws.world.beliefs.clear()
    built.aws.world.beliefs.choose(beliefs)
    before = mesh_of_two(going, staying, is_one_person=is_one_person)
    after = mesh_of_two(going, staying, is_one_person=is_one_person, without=(REPORT,))
    built.repair(before)
    had, waited = read_by(built), delay.waited.total()
    says = {
        ANALYST: frozenset(staying if is_one_person else ()),
        SCIENTIST: frozenset(() if is_one_person else staying),
    }

    built.aws.faults({"operation": "ListPermissions", "account": ANALYTICS, **DENIED})
    built.sign_in_again()
    assert not built.apply_reviewed(after).failed
    built.aws.world.faults.clear()
    built.sign_in_again()

    left = settle(built, after)
    assert delay.waited.total() - waited < min(PATIENCE.values()), "it waited for what could not come"
    more = told(left)
    for who, columns in read_by(built).items():
        assert says[who] <= columns <= had[who] & frozenset(staying)
        assert (who in more) == bool(columns - says[who])
        assert all(column in more[who] for column in columns - says[who])

    # What is told to be done about it: the account is given the columns again, and then loses them while it is seen.
    settle(built, before)
    assert read_by(built) == had
    assert not told(settle(built, after))
    assert read_by(built) == says
