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
from reconciler.plan.diff import ABSENT, FALLS_SHORT, diff
from reconciler.plan.scope import scope
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


@given(
    st.dictionaries(NAMES, st.tuples(VALUES, st.booleans())),
    st.dictionaries(NAMES, VALUES),
    st.booleans(),
)
def test_what_is_somebodys_is_used_told_and_never_changed(
    asked: dict[str, tuple[int, bool]], there: dict[str, int], takes: bool
) -> None:
    """Each thing by itself, and a mark by what it marks."""
    mesh = TAKING if takes else bank()
    modes = {True: "external", False: "managed"}
    wanted = Snapshot(replace(toy(name, value), mode=modes[used]) for name, (value, used) in asked.items())
    found = Snapshot(toy(name, value) for name, value in there.items())
    scoped = scope(found, wanted, ownership_of(mesh, Snapshot(), Snapshot()), OWNED)
    made = diff(wanted, Observation(scoped.ours), OWNED, scoped.used)

    somebodys = {
        name for name in asked if name in there and name[0] in "mu" and not (takes and name in ("u", "m", "u!"))
    }
    assert {each.name for each in scoped.used} == somebodys
    ours = {name for name in there if name in asked or name[0] == "o"}
    assert {each.name for each in scoped.ours} == ours
    marks = {name for name in asked if name.endswith("!") and name[:-1] in somebodys}

    told = {("k" if name[0] == "k" else "t", name) for name in there if name not in asked and name[0] in "kt"}
    for name, (value, used) in asked.items():
        if name in somebodys:
            if not used and name[0] == "u" and there[name] > value:
                told.add(("used", name))
        elif name in there and there[name] > 2:
            told |= {("part", name), *([("right", name)] if name[0] not in "mu" else [])}
    for name in marks:
        if name not in there or name in somebodys:
            told |= {("mark", each) for each in (name[:-1], name) if each in somebodys}
    words = {
        "it is kept": "k",
        "it is told": "t",
        "a part of others": "part",
        "a right of others": "right",
    }
    said = {
        (words.get(each.reason, "mark" if "another mark" in each.reason else "used"), each.resource.address.name)
        for each in scoped.foreign
    }
    assert said == told
    assert all(each.is_drift == (each.reason == "a right of others") for each in scoped.foreign)
    assert all((each.called == "Right") == each.is_drift for each in scoped.foreign)

    actions = {(change.action, change.address.name) for change in made.changes}
    idle = {name for name in marks if name not in there or name in somebodys}
    expected = {
        ("create", name) for name, (_, used) in asked.items() if name not in there and not used and name not in idle
    }
    expected |= {
        ("update", name)
        for name, (value, used) in asked.items()
        if name in there and not used and name not in somebodys and there[name] != value
    }
    expected |= {("delete", name) for name in ours if name not in asked}
    assert actions == expected
    held = {item.address.name: item.reason for item in made.held}
    lacking = {name for name, (_, used) in asked.items() if used and name not in there}
    short = {
        name
        for name, (value, used) in asked.items()
        if name in there and (used or name in somebodys) and name not in idle and there[name] < value
    }
    taken = {name for name in somebodys if name[0] == "m" and not asked[name][1] and name not in idle}
    assert set(held) == lacking | short | taken
    for name, reason in held.items():
        begin = (
            ABSENT if name in lacking else "the name is taken" if name in taken else f"{FALLS_SHORT}: it is too small"
        )
        assert reason.startswith(begin)


def test_a_note_of_what_is_used_is_told_where_it_is_not_there() -> None:
    want = replace(toy("o"), mode="external", note="ask Ada")
    (held,) = diff(Snapshot([want]), Observation(Snapshot()), OWNED).held
    assert held.reason == f"{ABSENT} (ask Ada)"
    assert held.is_unmet
