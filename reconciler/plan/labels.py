"""Labels: which columns change their sensitivity, from what to what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from reconciler.kinds import addresses
from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.lakeformation.taggable import Place, above
from reconciler.model.address import Address, Placement
from reconciler.model.change import Change, Create, Delete
from reconciler.model.origin import Origin
from reconciler.model.resource import AnyResource, Snapshot
from reconciler.plan.review import Review
from reconciler.spec.approval import levels
from reconciler.spec.mesh import Mesh

ColumnId = tuple[str, str, str]
"""Database, table, column."""
PARTITION_KEY = "a partition key"
"""What a column without a label is that whoever reads any column of the table reads too."""
_Ranks = Mapping[str, int]
_Find = Callable[[Address], AnyResource | None]


@dataclass(frozen=True, slots=True)
class Relabelled:
    """A column whose sensitivity changes; to PARTITION_KEY where it becomes one, which carries no tag."""

    column: ColumnId
    old: str
    new: str
    origin: Origin | None


def lowered(
    changes: Iterable[Change], standing: Snapshot, mesh: Mesh, before: Mesh | None = None
) -> Mapping[ColumnId, Relabelled]:
    """The columns whose sensitivity goes down, by the order of the mesh's key or by that of the mesh `before`: a change
    that takes the order away, or turns it, hides nothing. Without a label is no lower one, but in a partition key.

    `standing` has what no change touches. A column without a label of its own carries that of its table, or else of
    its database: https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-assigning-tags.html
    """
    now, was = (_ranks(each) for each in (mesh, before or mesh))
    keys = (before or mesh).settings.sensitivity_key.lower(), mesh.settings.sensitivity_key.lower()
    sides = _Sides({change.address: change for change in changes}, standing)
    return {
        each.column: each
        for each in _relabelled(sides, *keys)
        if each.old and each.new and _goes_down(each.old.lower(), each.new.lower(), was, now)
    }


def known_orders(reviewed: Review) -> tuple[tuple[str, ...], ...]:
    """The different orders of labels that there are: as it was, and as it is."""
    orders = (levels(each) for each in (reviewed.known_before, reviewed.mesh) if each is not None)
    return tuple(dict.fromkeys(order for order in orders if order))


def _ranks(mesh: Mesh) -> _Ranks:
    """How high PARTITION_KEY and each label, in lower case, are by the mesh's order, if there is one."""
    return {value.lower(): number for number, value in enumerate((PARTITION_KEY, *levels(mesh)))}


def _goes_down(old: str, new: str, was: _Ranks, now: _Ranks) -> bool:
    """Whether a label is lower by either order; where there is none any more, and it was not in the one there was, it
    may be."""
    is_ordered = len(now) > 1
    if _is_below(new, old, now) or ((old in was or not is_ordered) and _is_below(new, old, was)):
        return True
    return not is_ordered and old in was and new not in was


def _is_below(new: str, old: str, rank: _Ranks) -> bool:
    """By an order; what is not in it is higher than all that is."""
    return rank.get(new, len(rank)) < rank.get(old, len(rank))


def lowered_by_plan(reviewed: Review) -> Mapping[ColumnId, Relabelled]:
    """The columns whose sensitivity goes down from what AWS has now to what the plan would write."""
    standing = reviewed.observation.found if reviewed.observation is not None else reviewed.wanted
    return lowered((step.change for step in reviewed.steps), standing, reviewed.mesh, reviewed.known_before)


@dataclass(frozen=True, slots=True)
class _Sides:
    """What there is before and after some changes."""

    changes: Mapping[Address, Change]
    standing: Snapshot

    def before(self, address: Address) -> AnyResource | None:
        change = self.changes.get(address)
        if change is None:
            return self.standing.get(address)
        return None if isinstance(change, Create) else change.have

    def after(self, address: Address) -> AnyResource | None:
        change = self.changes.get(address)
        if change is None:
            return self.standing.get(address)
        return None if isinstance(change, Delete) else change.want


def _relabelled(sides: _Sides, was: str, now: str) -> Iterator[Relabelled]:
    """The columns that get another label, their own or one that they inherit, and those that become partition keys; by
    the key of labels as it was and as it is."""
    for change in sides.changes.values():
        spec, placement = change.resource.spec, change.address.placement
        if not isinstance(spec, TagAssignment) or spec.key.lower() not in (was, now):
            continue
        keys = (spec.key, spec.key) if was == now else (was, now)
        for place, becomes_key in _columns(sides, change, spec.place):
            old = _label(sides.before, placement, place, keys[0])
            new = PARTITION_KEY if becomes_key else _label(sides.after, placement, place, keys[1])
            yield Relabelled((place.database, place.table, place.column), old, new, change.origin)


def _columns(sides: _Sides, change: Change, place: Place) -> Iterator[tuple[Place, bool]]:
    """The columns that inherit from a place and stay, each with whether it becomes a partition key."""
    for table in _tables(sides, change.address.placement, place):
        was, now = _table(sides.before(table)), _table(sides.after(table))
        if was is None or now is None:
            # What nobody has read has the columns that labels are changed on.
            if place.column and not isinstance(change, Delete):
                yield place, False
            continue
        keys = {column.name for column in now.partition_keys}
        for column in was.columns:
            if place.column in ("", column.name) and column.name in now.types:
                yield Place(was.database, was.table, column.name), column.name in keys


def _tables(sides: _Sides, placement: Placement, place: Place) -> Iterator[Address]:
    """The table of a place, or those of a database."""
    if place.table:
        yield addresses.table(placement, place.database, place.table)
        return
    for table in sides.standing.of(Table):
        if table.address.placement == placement and table.spec.database == place.database:
            yield table.address


def _table(found: AnyResource | None) -> Table | None:
    return found.spec if found is not None and isinstance(found.spec, Table) else None


def _label(find: _Find, placement: Placement, place: Place, key: str) -> str:
    """The label that Lake Formation sees on a column; empty where there is none."""
    for each in (place, *reversed(above(place))):
        found = find(addresses.tag_assignment(placement, each, key))
        if found is not None:
            return str(found.spec.value)
    return ""
