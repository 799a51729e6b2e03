"""The order between tags and grants: nobody gains in between what he never has, or loses what he goes on having.

| a grant that comes | matches the old tags, and its reader shall not read  | the tag closes first   |
|                    | matches the new tags, and its reader shall go on     | the grant opens first  |
| a grant that goes  | matches the new tags, and its reader shall not read  | the grant closes first |
|                    | matches the old tags, and its reader shall go on     | the tag opens first    |

A pair of changes can be on both sides for two columns; then one order gives way, and the gate access-gap tells it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.lakeformation.taggable import Place
from reconciler.model.address import Address, Placement
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.lakeformation import ALL_TABLES, Expression, Grant, OnColumns, OnTable, OnTagPolicy
from reconciler.model.resource import AnyResource

Pair = tuple[Address, Address]
Tags = dict[str, str]
_READING = ("SELECT", "ALL")


@dataclass(slots=True)
class _Reader:
    """What one principal has of one account: expressions and named tables, before and after, and the changes."""

    before: list[Grant] = field(default_factory=list)
    after: list[Grant] = field(default_factory=list)
    coming: list[tuple[Address, Expression]] = field(default_factory=list)
    going: list[tuple[Address, Expression]] = field(default_factory=list)


def tag_order(changes: Mapping[Address, Change], found: Mapping[Address, AnyResource]) -> Iterator[Pair]:
    """Pairs (first, later) of a change of a tag and a change of a grant by tags."""
    tags = [change for change in changes.values() if isinstance(change.resource.spec, TagAssignment)]
    if not tags or not _can_cross(tags, changes.values()):
        return
    readers = [each for each in _readers(changes, found).values() if each.coming or each.going]
    old, new = _Catalog(found.values()), _Catalog(_after(changes, found))
    for change in tags:
        place: Place = change.resource.spec.place
        for column in old.under(place) | new.under(place):
            yield from _around(change.address, column, old.tags_on(column), new.tags_on(column), readers)


def _can_cross(tags: Iterable[Change], changes: Iterable[Change]) -> bool:
    """Whether tags and grants can meet at all: not while everything is new, nor while no grant by tags changes."""
    policies = [
        change
        for change in changes
        if isinstance(spec := change.resource.spec, Grant) and isinstance(spec.target, OnTagPolicy)
    ]
    is_new = all(isinstance(change, Create) for change in (*policies, *tags))
    return bool(policies) and not is_new


def _around(tag: Address, column: Place, old: Tags, new: Tags, readers: Iterable[_Reader]) -> Iterator[Pair]:
    """The pairs that one column asks for."""
    for reader in readers:
        had = any(_opens(grant, column, old) for grant in reader.before)
        has = any(_opens(grant, column, new) for grant in reader.after)
        if had != has:
            continue
        for address, terms in reader.coming:
            if not had and _matches(terms, old):
                yield tag, address
            if had and _matches(terms, new) and not any(_opens(grant, column, new) for grant in reader.before):
                yield address, tag
        for address, terms in reader.going:
            if not had and _matches(terms, new):
                yield address, tag
            if had and _matches(terms, old) and not any(_opens(grant, column, old) for grant in reader.after):
                yield tag, address


def _readers(
    changes: Mapping[Address, Change], found: Mapping[Address, AnyResource]
) -> dict[tuple[Placement, str], _Reader]:
    """Who has grants to read, by account and principal."""
    readers: dict[tuple[Placement, str], _Reader] = {}

    def reader(address: Address, grant: Grant) -> _Reader:
        return readers.setdefault((address.placement, grant.principal), _Reader())

    for address, resource in found.items():
        if isinstance(resource.spec, Grant) and resource.spec.permission in _READING:
            reader(address, resource.spec).before.append(resource.spec)
            if not isinstance(changes.get(address), Delete | Update):
                reader(address, resource.spec).after.append(resource.spec)
    for address, change in changes.items():
        grant = change.resource.spec
        if not isinstance(grant, Grant) or grant.permission not in _READING:
            continue
        mine = reader(address, grant)
        if not isinstance(change, Delete):
            mine.after.append(grant)
        if isinstance(grant.target, OnTagPolicy) and grant.target.of == "TABLE" and not isinstance(change, Update):
            (mine.going if isinstance(change, Delete) else mine.coming).append((address, grant.target.terms))
    return readers


class _Catalog:
    """Columns and the tags on them, as a snapshot has them."""

    def __init__(self, resources: Iterable[AnyResource]) -> None:
        self._own: dict[Place, Tags] = {}
        self._columns: dict[tuple[str, str], list[Place]] = {}
        for resource in resources:
            spec = resource.spec
            if isinstance(resource.spec, TagAssignment):
                self._own.setdefault(spec.place, {})[spec.key] = spec.value
            elif isinstance(resource.spec, Table):
                names = [column.name for column in spec.columns]
                self._columns[spec.database, spec.table] = [Place(spec.database, spec.table, name) for name in names]

    def under(self, place: Place) -> frozenset[Place]:
        """The columns that a tag on a place can reach."""
        if place.column:
            return frozenset({place})
        if place.table:
            return frozenset(self._columns.get((place.database, place.table), ()))
        return frozenset(
            column for (name, _), columns in self._columns.items() if name == place.database for column in columns
        )

    def tags_on(self, column: Place) -> Tags:
        """The effective tags of a column; none where there is no such column."""
        if column not in self._columns.get((column.database, column.table), ()):
            return {}
        places = (Place(column.database), Place(column.database, column.table), column)
        return {key: value for place in places for key, value in self._own.get(place, {}).items()}


def _after(changes: Mapping[Address, Change], found: Mapping[Address, AnyResource]) -> Iterator[AnyResource]:
    for address, resource in found.items():
        if address not in changes:
            yield resource
    for change in changes.values():
        if not isinstance(change, Delete):
            yield change.want


def _opens(grant: Grant, column: Place, tags: Tags) -> bool:
    """Whether a grant lets its principal read a column."""
    match grant.target:
        case OnTagPolicy(of="TABLE", terms=terms):
            return _matches(terms, tags)
        case OnTable(database=database, table=name):
            return database == column.database and name in (column.table, ALL_TABLES)
        case OnColumns(database=database, table=name, columns=columns, excluded=excluded):
            return (database, name) == (column.database, column.table) and (column.column in columns) != excluded
        case _:
            return False


def _matches(terms: Expression, tags: Tags) -> bool:
    return all(tags.get(key) in values or (key in tags and "*" in values) for key, values in terms)
