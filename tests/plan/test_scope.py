"""What an import could not see is ours to decide about and stays, until somebody has looked."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.kinds.common.owner import OURS, UNMARKABLE, UNMARKED, Owner, kept, unmarkable
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.territory import ownership_of
from reconciler.model.address import Address
from reconciler.model.lakeformation import Grant
from reconciler.model.plan import Plan
from reconciler.model.resource import Observation, Resource, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.plan.diff import ABSENT, FALLS_SHORT, Difference, diff
from reconciler.plan.scope import Scoped, scope
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, bank, variant
from tests.plan.toys import Toy, ToyKind, address, toy


def planned(mesh: Mesh) -> tuple[Plan, str]:
    """The plan of a mesh where a grant of its own is there that no document asks for, and the grant's address."""
    wanted = compile_mesh(bank(), registry())
    of_analytics = [each for each in wanted.of(Grant) if each.address.placement.account == ANALYTICS]
    like = max(of_analytics, key=lambda each: each.spec.permission == "SELECT")
    spec = replace(like.spec, permission="ALTER")
    more = replace(like, spec=spec, address=like.address._replace(name=like.address.name.replace("SELECT", "ALTER")))
    found = Observation(Snapshot([*wanted.values(), more]))
    return pipeline.plan_for(mesh, compile_mesh(mesh, registry()), found), str(more.address)


@pytest.mark.parametrize("unseen", [False, True])
def test_what_could_not_be_seen_stays_and_is_told(unseen: bool) -> None:
    word = "  undeclaredGrants: revoke"
    mesh = variant(("mesh.yaml", word, f"{word}\n  unseen: {{analytics: [grant]}}")) if unseen else bank()
    plan, address = planned(mesh)
    deleted = {str(step.address) for step in plan.steps if step.change.action == "delete"}
    told = {str(each.resource.address) for each in plan.foreign if "the import could not see it" in each.reason}
    assert (deleted, told) == ((set(), {address}) if unseen else ({address}, set()))


class OwnedKind(ToyKind):
    """Toys whose owner the first letter of their name tells; `x!` is the mark of x."""

    owners = MappingProxyType(
        {
            "o": OURS,
            "k": kept("it is kept"),
            "m": Owner("mesh", "other"),
            "u": UNMARKED,
            "f": UNMARKABLE,
            "t": unmarkable("it is told"),
        }
    )

    def owner(self, have: Resource[Toy], ownership: Ownership) -> Owner:
        return self.owners[have.address.name[0]]

    def marked(self, want: Resource[Toy]) -> Address | None:
        name = want.address.name
        return address(name[:-1]) if name.endswith("!") else None

    def shortfalls(self, want: Resource[Toy], have: Resource[Toy]) -> tuple[str, ...]:
        return ("it is too small",) if have.spec.value < want.spec.value else ()

    def unmanaged_parts(self, want: Resource[Toy], have: Resource[Toy]) -> tuple[str, ...]:
        return ("a part of others",) if have.spec.value > 2 else ()

    def added_rights(self, want: Resource[Toy], have: Resource[Toy]) -> tuple[tuple[str, str], ...]:
        return (("a right of others", "Right"),) if have.spec.value > 2 else ()


OWNED = {"toy": OwnedKind()}
NAMES = st.sampled_from([f"{letter}{end}" for letter in "okmuft" for end in ("", "!")])
VALUES = st.integers(1, 3)
TAKING = variant(("mesh.yaml", "territory:\n", "territory:\n  takeOver: {toy: [u, m, 'u!']}\n"))


Asked = dict[str, tuple[int, bool]]
"""By name: the value that is wanted, and whether it is only used."""
ASKED = st.dictionaries(NAMES, st.tuples(VALUES, st.booleans()))
THERE = st.dictionaries(NAMES, VALUES)


def parted(asked: Asked, there: dict[str, int], takes: bool) -> tuple[Scoped, Difference]:
    wanted = Snapshot(
        replace(toy(name, value), mode="external" if used else "managed") for name, (value, used) in asked.items()
    )
    found = Snapshot(toy(name, value) for name, value in there.items())
    territory = ownership_of(TAKING if takes else bank(), Snapshot(), Snapshot())
    scoped = scope(found, wanted, territory, OWNED)
    return scoped, diff(wanted, Observation(scoped.ours), OWNED, scoped.used)


def of_somebody(asked: Asked, there: dict[str, int], takes: bool) -> set[str]:
    """What is asked for, there, and somebody's whom nobody takes it from."""
    taken_over = {"u", "m", "u!"} if takes else set()
    return {name for name in asked if name in there and name[0] in "mu" and name not in taken_over}


def idle_marks(asked: Asked, there: dict[str, int], somebodys: set[str]) -> set[str]:
    """Marks of what is somebody's that are not there, or somebody's as well."""
    marks = {name for name in asked if name.endswith("!") and name[:-1] in somebodys}
    return {name for name in marks if name not in there or name in somebodys}


@given(ASKED, THERE, st.booleans())
def test_what_is_not_ours_is_told_and_what_is_ours_is_compared(
    asked: Asked, there: dict[str, int], takes: bool
) -> None:
    scoped, _ = parted(asked, there, takes)
    somebodys = of_somebody(asked, there, takes)
    assert {each.name for each in scoped.used} == somebodys
    assert {each.name for each in scoped.ours} == {name for name in there if name in asked or name[0] == "o"}
    told = {(name[0], name) for name in there if name not in asked and name[0] in "kt"}
    for name, (value, used) in asked.items():
        if name in somebodys and not used and name[0] == "u" and there[name] > value:
            told.add(("used", name))
        elif name in there and name not in somebodys and there[name] > 2:
            told |= {("part", name), *([("right", name)] if name[0] not in "mu" else [])}
    for name in idle_marks(asked, there, somebodys):
        told |= {("mark", each) for each in (name[:-1], name) if each in somebodys}
    words = {"it is kept": "k", "it is told": "t", "a part of others": "part", "a right of others": "right"}
    said = {
        (words.get(each.reason, "mark" if "another mark" in each.reason else "used"), each.resource.address.name)
        for each in scoped.foreign
    }
    assert said == told
    rights = [each.reason == "a right of others" for each in scoped.foreign]
    assert rights == [each.is_drift for each in scoped.foreign] == [each.called == "Right" for each in scoped.foreign]


@given(ASKED, THERE, st.booleans())
def test_what_is_somebodys_is_never_changed(asked: Asked, there: dict[str, int], takes: bool) -> None:
    _, made = parted(asked, there, takes)
    somebodys = of_somebody(asked, there, takes)
    idle = idle_marks(asked, there, somebodys)
    actions = {(change.action, change.address.name) for change in made.changes}
    expected = {("delete", name) for name in there if name not in asked and name[0] == "o"}
    for name, (value, used) in asked.items():
        if name not in there and not used and name not in idle:
            expected.add(("create", name))
        elif name in there and not used and name not in somebodys and there[name] != value:
            expected.add(("update", name))
    assert actions == expected


@given(ASKED, THERE, st.booleans())
def test_what_cannot_serve_holds_up_what_stands_on_it(asked: Asked, there: dict[str, int], takes: bool) -> None:
    _, made = parted(asked, there, takes)
    somebodys = of_somebody(asked, there, takes)
    idle = idle_marks(asked, there, somebodys)
    expected = {}
    for name, (value, used) in asked.items():
        if name not in there and used:
            expected[name] = ABSENT
        elif name in there and name in somebodys and name[0] == "m" and not used and name not in idle:
            expected[name] = "the name is taken: it belongs to the mesh other"
        elif name in there and (used or name in somebodys) and name not in idle and there[name] < value:
            expected[name] = f"{FALLS_SHORT}: it is too small"
    assert {item.address.name: item.reason for item in made.held} == expected
    assert all(item.is_unmet for item in made.held)


def test_a_note_of_what_is_used_is_told_where_it_is_not_there() -> None:
    want = replace(toy("o"), mode="external", note="ask Ada")
    (held,) = diff(Snapshot([want]), Observation(Snapshot()), OWNED).held
    assert held.reason == f"{ABSENT} (ask Ada)"
    assert held.is_unmet


@pytest.mark.parametrize("enough", [True, False])
def test_somebodys_that_serves_with_more_is_not_told(enough: bool) -> None:
    kind = OwnedKind()
    kind.serves_with_more = enough
    found, want = Snapshot([toy("u", 3)]), Snapshot([toy("u", 1)])
    told = scope(found, want, ownership_of(bank(), Snapshot(), Snapshot()), {"toy": kind}).foreign
    assert [each.resource.address.name for each in told] == ([] if enough else ["u"])
