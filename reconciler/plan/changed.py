"""Changed: what of AWS a change of the mesh can touch, so that only that has to be read.

| read                                  | because of                                                               |
|---------------------------------------|--------------------------------------------------------------------------|
| what differs between the two meshes   | it is what the change asks for                                           |
| what that needs, and what needs it    | it comes before or after it, or goes with it                             |
| grants that follow a changed tag      | they decide whether the tag or the grant goes first                      |
| all of an account that is new, or     | something may be there that the mesh did not know before                 |
| plays a new part                      |                                                                          |
| all of a kind whose territory changed | what was other people's may be ours now (keys of tags, hybrid domains)   |
| everything                            | mesh.yaml itself changed                                                 |

A place is read as a whole: a kind in a placement; only tables and tags are read by database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields

from reconciler.kinds import AnyKind, needs_of
from reconciler.kinds.territory import changed_territory
from reconciler.model.address import Address, Placement
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.read_scope import Place, ReadScope
from reconciler.model.resource import AnyResource, Observation, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.plan.tag_readers import following
from reconciler.spec.mesh import Mesh


def read_scope_of(since: str, base: Mesh, mesh: Mesh, kinds: Mapping[str, AnyKind]) -> ReadScope | None:
    """What a change from `base` to `mesh` can touch; None where that may be anything.

    With AWS as `base` wants it, a plan from this read scope has the steps of a plan from everything.
    """
    if base.settings.model_dump() != mesh.settings.model_dump():
        return None
    before, wanted = compile_mesh(base, kinds), compile_mesh(mesh, kinds)
    changes = tuple(_changes(before, wanted))
    chosen = _Chosen(mesh, kinds)
    for resource in _touched(changes, before, wanted, kinds, mesh):
        chosen.add(resource)
    known = {(kind.name, placement) for kind in kinds.values() for placement in kind.placements(base)}
    anew = changed_territory(base, mesh)
    for kind in kinds.values():
        for placement in kind.placements(mesh):
            if (kind.name, placement) not in known or kind.name in anew:
                chosen.places[kind.name, placement] = None
    return ReadScope(since, {place: _frozen(chosen.places[place]) for place in sorted(chosen.places)})


def filled(seen: Observation, wanted: Snapshot, mesh: Mesh, kinds: Mapping[str, AnyKind]) -> Observation:
    """What was seen of a read scope, with what is wanted for the rest: nothing there has changed."""
    assert seen.read_scope is not None, "everything was looked at"
    listed = _listings(mesh, kinds)
    rest = (
        resource
        for address, resource in wanted.items()
        if not any(
            seen.read_scope.has((address.kind, placement), kinds[address.kind].listed_by(resource))
            for placement in listed.get((address.kind, address.placement), ())
        )
    )
    found = sorted((*seen.found.values(), *rest), key=lambda resource: resource.address)
    return Observation(Snapshot(found), seen.gaps, seen.read_scope)


class _Chosen:
    """The places that were chosen so far; of a kind that is listed by database, which of them (None: all)."""

    def __init__(self, mesh: Mesh, kinds: Mapping[str, AnyKind]) -> None:
        self.places: dict[Place, set[str] | None] = {}
        self._kinds = kinds
        self._listed = _listings(mesh, kinds)

    def add(self, resource: AnyResource) -> None:
        """Where a resource is listed. An account that has left the mesh is not read any more."""
        kind = self._kinds[resource.address.kind]
        self._add((kind.name, resource.address.placement), kind.listed_by(resource))
        for place, database in kind.read_with(resource):
            self._add(place, database)

    def _add(self, place: Place, database: str | None) -> None:
        kind, shown = place
        for listing in self._listed.get((kind, shown), ()):
            if database is None:
                self.places[kind, listing] = None
            else:
                self._inside((kind, listing), database)

    def _inside(self, place: Place, name: str) -> None:
        databases = self.places.setdefault(place, set())
        if databases is not None:
            databases.add(name)


def _frozen(databases: set[str] | None) -> frozenset[str] | None:
    return None if databases is None else frozenset(databases)


def _listings(mesh: Mesh, kinds: Mapping[str, AnyKind]) -> dict[Place, list[Placement]]:
    """For each kind and placement of an address, The placements whose listings show it."""
    listed: dict[Place, list[Placement]] = {}
    for kind in kinds.values():
        for placement in kind.placements(mesh):
            for shown in kind.covers(placement, mesh):
                listed.setdefault((kind.name, shown), []).append(placement)
    return listed


def _changes(before: Snapshot, wanted: Snapshot) -> Iterator[Change]:
    hidden: dict[str, tuple[str, ...]] = {}
    for address, want in wanted.items():
        have = before.get(address)
        if have is None:
            yield Create(want)
            continue
        if address.kind not in hidden:
            hidden[address.kind] = tuple(each.name for each in fields(want.spec) if not each.compare)
        # What only the wanted side knows is no difference to AWS, but decides what is done about one.
        if have.spec != want.spec or any(
            getattr(have.spec, name) != getattr(want.spec, name) for name in hidden[address.kind]
        ):
            yield Update(have, want)
    for address, have in before.items():
        if address not in wanted:
            yield Delete(have)


def _touched(
    changes: Iterable[Change], before: Snapshot, wanted: Snapshot, kinds: Mapping[str, AnyKind], mesh: Mesh
) -> Iterator[AnyResource]:
    """What changes, what that has to do with, and what has to do with it; some more than once."""
    changing: set[Address] = set()
    beside: set[Address] = set()
    for change in changes:
        changing.add(change.address)
        kind = kinds[change.address.kind]
        beside.update(kind.before(change))
        for side in _sides(change):
            yield side
            beside.update(_with(side, kinds, mesh))
    if not changing:
        return
    yield from following(changes, before, wanted)
    for snapshot in (before, wanted):
        for address, resource in snapshot.items():
            if address in beside or not changing.isdisjoint(_with(resource, kinds, mesh)):
                yield resource


def _sides(change: Change) -> tuple[AnyResource, ...]:
    match change:
        case Create(want):
            return (want,)
        case Update(have, want):
            return (have, want)
        case Delete(have):
            return (have,)


def _with(resource: AnyResource, kinds: Mapping[str, AnyKind], mesh: Mesh) -> Iterator[Address]:
    """What a resource needs, and what it comes with."""
    yield from needs_of(resource, kinds, mesh)
    made = kinds[resource.address.kind].implied_by(resource)
    if made is not None:
        yield made
