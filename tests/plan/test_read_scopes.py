"""What a change can touch, worked out without AWS: a plan from that alone has the steps of a plan from everything.

`test_changed.py` holds the same with calls, in a simulated AWS.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler import pipeline
from reconciler.kinds import AnyKind, registry
from reconciler.model.address import Address, Placement
from reconciler.model.change import Change
from reconciler.model.read_scope import ReadScope
from reconciler.model.resource import AnyResource, Gap, Observation, Resource, Snapshot
from reconciler.plan.changed import filled, read_scope_of
from reconciler.plan.compile import compile_mesh
from reconciler.spec.mesh import Mesh
from tests.estate import bank, variant
from tests.plan.test_changed import CHANGES, CONSUMER, WATCHED, meant
from tests.plan.toys import HERE, THERE, Toy, ToyKind


@cache
def base() -> Mesh:
    return variant(WATCHED)


BOTH_WAYS = ("a new key", "a new account", "another place", "a region more", "a value of a tag", "a new subscription")


@pytest.mark.parametrize(
    ("name", "back"), [*((name, False) for name in CHANGES), *((name, True) for name in BOTH_WAYS)]
)
def test_the_steps_are_those_of_a_plan_from_everything(name: str, back: bool) -> None:
    old, new = (meant(name), base()) if back else (base(), meant(name))
    kinds, everything = registry(), compile_mesh(old, registry())
    read = read_scope_of("main", old, new, kinds)
    assert read is not None
    listed: dict[tuple[str, Placement], list[Placement]] = {}
    for kind in kinds.values():
        for place in kind.placements(new):
            for shown in kind.covers(place, new):
                listed.setdefault((kind.name, shown), []).append(place)
    # An account that left, or a region, is not read any more.
    shown_by = {
        each: places
        for each in everything.values()
        if (places := listed.get((each.address.kind, each.address.placement)))
    }
    seen = [
        each
        for each, places in shown_by.items()
        if any(read.has((each.address.kind, place), kinds[each.address.kind].listed_by(each)) for place in places)
    ]
    whole = pipeline.review(new, observation=Observation(Snapshot(shown_by)))
    part = pipeline.review(new, observation=Observation(Snapshot(seen), (), read))
    assert {step.digest for step in part.steps} == {step.digest for step in whole.steps}
    assert len(seen) < len(everything), "something has nothing to do with it"


def test_a_change_of_words_touches_nothing() -> None:
    words = variant(WATCHED, (CONSUMER, "description: ", "description: More about it. "))
    read = read_scope_of("main", base(), words, registry())
    assert read is not None
    assert read.places == {}
    assert read_scope_of("main", base(), variant(), registry()) is None, "what holds for the whole mesh"


@dataclass(frozen=True)
class Item:
    """A value, what it needs, and what only the wanted side knows."""

    value: int
    needs: tuple[Address, ...] = ()
    known: int = field(default=0, compare=False)


Items = dict[Address, Resource[Item]]
Places = dict[tuple[str, Placement], set[str] | None]


class ItemKind(ToyKind):
    """Items of one kind; those of `one` are listed by the first letter of their name, as by a database.

    What is called a2 comes with a1 of the kind `two`; b1 lets a1 of its kind wait, and is read with all that b lists.
    """

    def __init__(self, name: str, base: Mesh, states: tuple[Items, Items], placements: tuple[Sequence[Placement], ...]):
        super().__init__()
        self.name = name
        self._base, self._states, self._placements = base, states, placements

    def desired(self, mesh: Mesh) -> Iterable[Resource[Toy]]:
        state = self._states[mesh is not self._base]
        return [each for each in state.values() if each.address.kind == self.name]

    def placements(self, mesh: Mesh) -> Iterable[Placement]:
        return self._placements[mesh is not self._base]

    def listed_by(self, resource: AnyResource) -> str | None:
        return resource.address.name[0] if self.name == "one" else None

    def needs(self, resource: AnyResource) -> Iterable[Address]:
        return list(resource.spec.needs)

    def implied_by(self, resource: AnyResource) -> Address | None:
        address = resource.address
        return address._replace(kind="two", name="a1") if address.name == "a2" else None

    def before(self, change: Change) -> Iterable[Address]:
        return [change.address._replace(name="a1")] if change.address.name == "b1" else []

    def read_with(self, resource: AnyResource) -> Iterable[tuple[tuple[str, Placement], str | None]]:
        address = resource.address
        return [(("one", address.placement), "b")] if address.name == "b1" else []


def world(seed: int) -> tuple[Mesh, Mesh, tuple[Items, Items], dict[str, AnyKind]]:
    """Two meshes, what each of them asks for, and the kinds of that."""
    chance = Random(seed)
    every = [Address(kind, place, name) for kind in ("one", "two") for place in (HERE, THERE) for name in NAMES]
    before: Items = {}
    wanted: Items = {}
    changes = chance.choice((0.0, 0.1, 0.3))
    for address in every:
        needs = tuple(each for each in every if each != address and chance.random() < 0.06)
        have = want = Item(1, needs)
        if chance.random() < changes:
            have, want = chance.choice(((None, want), (have, None), (have, Item(2, needs)), (have, Item(1, needs, 1))))
        elif chance.random() < 0.3:
            continue
        before |= {address: Resource(address, have)} if have else {}
        wanted |= {address: Resource(address, want)} if want else {}
    base, head = replace(bank()), replace(bank())
    where = [chance.choice(((HERE,), (HERE, THERE), (THERE, HERE))) for _ in range(2)]
    kinds = {name: ItemKind(name, base, (before, wanted), tuple(where)) for name in ("one", "two")}
    return base, head, (before, wanted), dict(kinds)


NAMES = ("a1", "a2", "b1", "b2")


@given(st.integers(0))
def test_what_changes_is_read_with_what_it_needs_and_what_needs_it_and_nothing_else(seed: int) -> None:
    base, head, (before, wanted), kinds = world(seed)

    def with_it(each: AnyResource) -> set[Address]:
        return {*kinds[each.address.kind].needs(each), kinds[each.address.kind].implied_by(each)} - {None}

    def said(of: Items, address: Address) -> tuple[int, int] | None:
        return (of[address].spec.value, of[address].spec.known) if address in of else None

    changing = {each for each in {**before, **wanted} if said(before, each) != said(wanted, each)}
    every = [*before.values(), *wanted.values()]
    sides = [each for each in every if each.address in changing]
    beside = set().union(*map(with_it, sides)) | {each._replace(name="a1") for each in changing if each.name == "b1"}
    touched = [each for each in every if each.address in changing | beside or with_it(each) & changing]
    expected: Places = {}
    for each in touched:
        kind = kinds[each.address.kind]
        for place, database in [((kind.name, each.address.placement), kind.listed_by(each)), *kind.read_with(each)]:
            if place[1] in kind.placements(head):
                known = expected.setdefault(place, set())
                expected[place] = None if database is None or known is None else known | {database}
    for kind in kinds.values():
        for placement in {*kind.placements(head)} - {*kind.placements(base)}:
            expected[kind.name, placement] = None
    read = read_scope_of("main", base, head, kinds)
    assert read is not None
    assert read.places == expected
    assert list(read.places) == sorted(read.places)


@given(st.integers(0))
def test_what_was_not_read_is_taken_as_it_is_wanted(seed: int) -> None:
    """Of what was read only what was seen is there."""
    _, head, (found, wanted), kinds = world(seed)
    chance = Random(seed)
    places: Places = {}
    for kind in kinds.values():
        for placement in kind.placements(head):
            if chance.random() < 0.6:
                places[kind.name, placement] = {chance.choice("ab")} if kind.name == "one" else None
    read = ReadScope("main", {place: None if some is None else frozenset(some) for place, some in places.items()})

    def is_read(each: AnyResource) -> bool:
        kind, placement, _ = each.address
        return read.has((kind, placement), kinds[kind].listed_by(each))

    seen = Snapshot(each for each in found.values() if is_read(each))
    gaps = (Gap("two", HERE, "denied"),)
    whole = filled(Observation(seen, gaps, read), Snapshot(wanted.values()), head, kinds)
    assert (whole.gaps, whole.read_scope) == (gaps, read)
    rest = [each for each in wanted.values() if not is_read(each)]
    assert list(whole.found.values()) == sorted((*seen.values(), *rest), key=lambda each: each.address)
