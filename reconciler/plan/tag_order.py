"""The order between tags and grants: nobody gains in between what he never has, or loses what he goes on having.

| a grant that comes | matches the old tags, and its reader shall not read  | the tag closes first   |
|                    | matches the new tags, and its reader shall go on     | the grant opens first  |
| a grant that goes  | matches the new tags, and its reader shall not read  | the grant closes first |
|                    | matches the old tags, and its reader shall go on     | the tag opens first    |

A pair of changes can be on both sides for two columns; then one order gives way, and the gate access-gap tells it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.lakeformation.taggable import Place, above
from reconciler.model.address import Address, Placement
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.lakeformation import ALL_TABLES, Expression, Grant, OnColumns, OnTable, OnTagPolicy, Target
from reconciler.model.resource import AnyResource

Pair = tuple[Address, Address]
Tags = dict[str, str]
_READING = ("SELECT", "ALL")


Handle = tuple[str, ...]
"""By what a grant may be about a column: one of the values of a key, or its table."""
T = TypeVar("T")


class _Pile(Generic[T]):
    """Things of grants, found by what a column has."""

    def __init__(self) -> None:
        self._by: dict[Handle, dict[int, T]] = {}

    def add(self, target: Target, thing: T) -> None:
        for handle in _handles(target):
            self._by.setdefault(handle, {})[id(thing)] = thing

    def near(self, handles: Mapping[Handle, None]) -> list[T]:
        """Whatever may be about a column; each once."""
        near = (self._by[handle] for handle in handles if handle in self._by)
        return list({key: each for one in near for key, each in one.items()}.values())


class _Reader:
    """What one principal has of one account: expressions and named tables, before and after, and the changes."""

    def __init__(self) -> None:
        self.before, self.after = _Pile[Grant](), _Pile[Grant]()
        self.coming, self.going = _Pile[tuple[Address, Expression]](), _Pile[tuple[Address, Expression]]()
        self.changes: list[Target] = []
        self.by_columns: set[Place] = set()
        """The tables of which it has some columns by name."""


def tag_order(changes: Mapping[Address, Change], found: Mapping[Address, AnyResource]) -> Iterator[Pair]:
    """Pairs (first, later) of a change of a tag and a change of a grant by tags."""
    tags = [change for change in changes.values() if isinstance(change.resource.spec, TagAssignment)]
    if not tags or not _can_cross(tags, changes.values(), found.values()):
        return
    readers = _Pile[_Reader]()
    by_columns: set[Place] = set()
    for reader in _readers(changes, found).values():
        by_columns |= reader.by_columns
        for target in reader.changes:
            readers.add(target, reader)
    old, new = _Catalog(found.values()), _Catalog(_after(changes, found))
    for change in tags:
        place: Place = change.resource.spec.place
        told: set[tuple[Place, frozenset[tuple[str, str]], frozenset[tuple[str, str]]]] = set()
        for column in old.under(place) | new.under(place):
            before, after = old.tags_on(column), new.tags_on(column)
            # Columns of one table that are tagged alike are read alike, but where a grant names columns.
            table = column._replace(column="")
            where = column if table in by_columns else table
            alike = where, frozenset(before.items()), frozenset(after.items())
            if alike not in told:
                told.add(alike)
                yield from _around(change.address, column, before, after, readers)


def _can_cross(tags: Iterable[Change], changes: Iterable[Change], found: Iterable[AnyResource]) -> bool:
    """Whether tags and grants can meet at all: not while no grant by tags changes, nor while everything is new and no
    tag takes the place of an inherited one.
    """
    policies = [
        change
        for change in changes
        if isinstance(spec := change.resource.spec, Grant) and isinstance(spec.target, OnTagPolicy)
    ]
    if not all(isinstance(change, Create) for change in (*policies, *tags)):
        return bool(policies)
    known = {(each.spec.place, each.spec.key) for each in found if isinstance(each.spec, TagAssignment)}
    inherited = (
        (outer, change.resource.spec.key) in known for change in tags for outer in above(change.resource.spec.place)
    )
    return bool(policies) and any(inherited)


def _around(tag: Address, column: Place, old: Tags, new: Tags, readers: _Pile[_Reader]) -> Iterator[Pair]:
    """The pairs that one column asks for."""
    was, becomes = (dict.fromkeys(_on_column(column, tags)) for tags in (old, new))
    either = {**was, **becomes}
    for reader in readers.near(either):
        before, after = reader.before, reader.after
        had = any(_opens(grant, column, old) for grant in before.near(was))
        has = any(_opens(grant, column, new) for grant in after.near(becomes))
        if had != has:
            continue
        for address, terms in reader.coming.near(either):
            if not had and _matches(terms, old):
                yield tag, address
            if had and _matches(terms, new) and not any(_opens(grant, column, new) for grant in before.near(becomes)):
                yield address, tag
        for address, terms in reader.going.near(either):
            if not had and _matches(terms, new):
                yield address, tag
            if had and _matches(terms, old) and not any(_opens(grant, column, old) for grant in after.near(was)):
                yield tag, address


def _readers(
    changes: Mapping[Address, Change], found: Mapping[Address, AnyResource]
) -> dict[tuple[Placement, str], _Reader]:
    """Who has grants to read, by account and principal."""
    readers: dict[tuple[Placement, str], _Reader] = {}

    def reader(address: Address, grant: Grant) -> _Reader:
        mine = readers.setdefault((address.placement, grant.principal), _Reader())
        if isinstance(grant.target, OnColumns):
            mine.by_columns.add(Place(grant.target.database, grant.target.table))
        return mine

    for address, resource in found.items():
        if isinstance(resource.spec, Grant) and resource.spec.permission in _READING:
            reader(address, resource.spec).before.add(resource.spec.target, resource.spec)
            if not isinstance(changes.get(address), Delete | Update):
                reader(address, resource.spec).after.add(resource.spec.target, resource.spec)
    for address, change in changes.items():
        grant = change.resource.spec
        if not isinstance(grant, Grant) or grant.permission not in _READING:
            continue
        mine = reader(address, grant)
        if not isinstance(change, Delete):
            mine.after.add(grant.target, grant)
        if isinstance(grant.target, OnTagPolicy) and not isinstance(change, Update):
            moved = mine.going if isinstance(change, Delete) else mine.coming
            moved.add(grant.target, (address, grant.target.terms))
            mine.changes.append(grant.target)
    return readers


def _handles(target: Target) -> Iterable[Handle]:
    """What a column has one of, if a target is about it; nothing for what is never about a column."""
    match target:
        case OnTagPolicy(of="TABLE", terms=terms) if terms:
            key, values = min(terms, key=lambda term: ("*" in term[1], len(term[1]), term))
            return [(key, value) for value in values]
        case OnTable(database=database, table=name) | OnColumns(database=database, table=name):
            return (("", database, name),)
        case _:
            return ()


def _on_column(column: Place, tags: Tags) -> Iterator[Handle]:
    """What a column has, as `_handles` says it."""
    yield "", column.database, column.table
    yield "", column.database, ALL_TABLES
    for key, value in tags.items():
        yield key, value
        yield key, "*"


class _Catalog:
    """Columns and the tags on them, as a snapshot has them."""

    def __init__(self, resources: Iterable[AnyResource]) -> None:
        self._own: dict[Place, Tags] = {}
        self._columns: dict[str, dict[Place, dict[Place, None]]] = {}
        """By database and table."""
        for resource in resources:
            spec = resource.spec
            if isinstance(resource.spec, TagAssignment):
                self._own.setdefault(spec.place, {})[spec.key] = spec.value
            elif isinstance(resource.spec, Table):
                columns = (Place(spec.database, spec.table, column.name) for column in spec.columns)
                of_database = self._columns.setdefault(spec.database, {})
                of_database[Place(spec.database, spec.table)] = dict.fromkeys(columns)

    def under(self, place: Place) -> frozenset[Place]:
        """The columns that a tag on a place can reach."""
        if place.column:
            return frozenset({place})
        of_database = self._columns.get(place.database, {})
        if place.table:
            return frozenset(of_database.get(place, ()))
        return frozenset(column for columns in of_database.values() for column in columns)

    def tags_on(self, column: Place) -> Tags:
        """The effective tags of a column; none where there is no such column."""
        database, table = Place(column.database), Place(column.database, column.table)
        if column not in self._columns.get(column.database, {}).get(table, ()):
            return {}
        return {key: value for place in (database, table, column) for key, value in self._own.get(place, {}).items()}


def _after(changes: Mapping[Address, Change], found: Mapping[Address, AnyResource]) -> Iterator[AnyResource]:
    for address, resource in found.items():
        if address not in changes:
            yield resource
    for change in changes.values():
        if not isinstance(change, Delete):
            yield change.want


def _opens(grant: Grant, column: Place, tags: Tags) -> bool:
    """Whether a grant that is near a column lets its principal read it."""
    match grant.target:
        case OnTagPolicy(terms=terms):
            return _matches(terms, tags)
        case OnColumns(columns=columns, excluded=excluded):
            return (column.column in columns) != excluded
        case _:
            return True


def _matches(terms: Expression, tags: Tags) -> bool:
    return all(tags.get(key) in values or (key in tags and "*" in values) for key, values in terms)
