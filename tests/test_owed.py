"""Owed is what was really done and not told: never what was not done, and nothing of it is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.journal import NOT_REACHED, SENT
from reconciler.kinds import registry
from reconciler.model import codec
from reconciler.model.change import Change, Create, Delete
from reconciler.model.outcome import Outcome, Run
from reconciler.model.plan import Plan
from reconciler.model.resource import Gap, Observation, Snapshot
from reconciler.owed import debts, is_due, left
from reconciler.plan.build import build
from reconciler.plan.compile import compile_mesh
from reconciler.plan.diff import Difference
from tests.estate import Estate, bank, specs

GRANTS = [each for each in specs("grant").values() if "credit-profile" in str(each.address) and "SELECT" in str(each)]


@dataclass(frozen=True)
class Told:
    """One grant of a run: whether it was given or taken, whether that happened, and what the journal knows."""

    action: Literal["create", "delete"]
    happened: bool
    result: str


@st.composite
def told(draw: st.DrawFn) -> Told:
    happened = draw(st.booleans())
    known = (SENT, "failed", NOT_REACHED, "done") if happened else (SENT, "failed", "skipped", NOT_REACHED)
    return Told(draw(st.sampled_from(("create", "delete"))), happened, draw(st.sampled_from(known)))


@given(st.lists(told(), min_size=2, max_size=len(GRANTS)), st.booleans())
@settings(max_examples=50)
def test_due_is_what_was_done_and_what_cannot_be_seen_stays_owed(lots: list[Told], blind: bool) -> None:
    """The next run sees AWS, or cannot."""
    pairs = list(zip(lots, GRANTS, strict=False))
    changes: list[Change] = [Create(of) if each.action == "create" else Delete(of) for each, of in pairs]
    plan = build(Difference(tuple(changes), ()), Observation(Snapshot()), bank(), registry())
    run = Run(datetime.now(UTC), plan, (), ())
    there = [of for each, of in pairs if (each.action == "create") == each.happened]
    gaps = {Gap("grant", of.address.placement, "denied") for _, of in pairs} if blind else set()
    seen = Observation(Snapshot(() if blind else there), tuple(gaps))
    ended = {str(of.address): each.result for each, of in pairs}
    by_address = {str(of.address): each for each, of in pairs}
    for debt in debts(run, "some-run", registry()):
        told_of = [by_address[each["address"]] for each in debt["tells"]]
        due = is_due(debt, ended, seen, registry())
        happened = any(each.happened for each in told_of)
        assert due == (True if any(each.result == "done" for each in told_of) else None if blind else happened)


@given(st.data())
@settings(max_examples=30)
def test_a_run_owes_what_it_did_and_did_not_tell(data: st.DataObject) -> None:
    changes = tuple(Create(of) for of in GRANTS)
    plan: Plan = build(Difference(changes, ()), Observation(Snapshot()), bank(), registry())
    results = st.sampled_from(("done", "failed", "skipped", None))
    outcomes = tuple(
        Outcome(step, result) for step in plan.steps if (result := data.draw(results, str(step.address))) is not None
    )
    run = Run(datetime.now(UTC), plan, (), outcomes)
    by = {str(each.step.address): each.result for each in outcomes}
    begun = frozenset(step.address for step in plan.steps if data.draw(st.booleans()))
    every = debts(run, "some-run", registry())
    assert every
    for debt in every:
        was_told = any(by.get(str(step.address)) == "done" for step in plan.steps if step.address.kind == "notice")
        maybe = [by.get(each["address"], SENT if each["address"] in map(str, begun) else "") for each in debt["tells"]]
        assert (debt in left(every, run, begun)) == (not was_told and bool({"done", "failed", SENT} & {*maybe}))


def test_what_aws_shows_is_what_was_owed_where_the_two_are_equal(built: Estate) -> None:
    """AWS tells more of a thing than a document wants of it, such as which lists of columns a permission is made of."""
    kinds, found = registry(), built.look().found
    equal = 0
    for want in compile_mesh(bank(), kinds).values():
        have, kind = found.get(want.address), kinds[want.address.kind]
        if have is not None and kind.merge_unmanaged(want, have).spec == have.spec:
            equal += 1
            settled = kind.merge_unmanaged(want, have).spec
            assert kind.encode(codec.compared(have.spec)) == kind.encode(codec.compared(settled)), want.address
    assert equal > 200
