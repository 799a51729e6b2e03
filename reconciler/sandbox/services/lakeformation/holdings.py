"""What a set of grants gives on one table: the union of every row's contribution."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.services.lakeformation.grants import Row
from reconciler.sandbox.services.lakeformation.lake import satisfies
from reconciler.sandbox.services.lakeformation.nested import Fields
from reconciler.sandbox.services.lakeformation.permissions import TABLE, VIEW, expanded
from reconciler.sandbox.services.lakeformation.predicates import ALL_ROWS, NO_ROWS, Predicate, atom, both, either
from reconciler.sandbox.services.lakeformation.resources import CellsFilter, Columns, Expression, Policy, Table

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.store import Store

READ = frozenset({"SELECT", "DESCRIBE"})


@dataclass(frozen=True, slots=True)
class Holding:
    """Permissions on a table and the readable cells. `whole`: something was given on the table as such.

    `fields` are of columns of which only some fields are shown, in every row.
    """

    permissions: frozenset[str] = frozenset()
    cells: dict[str, Predicate] = field(default_factory=dict)
    whole: bool = False
    fields: dict[str, Fields] = field(default_factory=dict)

    def reads_whole(self, column: str) -> bool:
        """Whether all of a column is readable in every row."""
        return self.cells.get(column) == ALL_ROWS and column not in self.fields

    def __or__(self, other: Holding) -> Holding:
        cells = dict(self.cells)
        for column, predicate in other.cells.items():
            cells[column] = either(cells.get(column, NO_ROWS), predicate)
        fields = {column: shown for column in cells if (shown := self._either(other, column)) is not None}
        return Holding(self.permissions | other.permissions, cells, self.whole or other.whole, fields)

    def _either(self, other: Holding, column: str) -> Fields | None:
        """The fields of a column that one of two shows; None for all of it."""
        sides = [side for side in (self, other) if column in side.cells]
        parts = [side.fields[column] for side in sides if column in side.fields]
        if len(parts) < len(sides):
            if parts and not any(side.reads_whole(column) for side in sides):
                raise AwsError("NotImplemented", f"sandbox: fields of {column} beside some rows of it")
            return None
        return frozenset().union(*parts)

    def __and__(self, other: Holding) -> Holding:
        shared = [c for c in self.cells if c in other.cells]
        lists = {c: [side.fields[c] for side in (self, other) if c in side.fields] for c in shared}
        fields = {c: frozenset.intersection(*those) for c, those in lists.items() if those}
        cells = {c: both(self.cells[c], other.cells[c]) for c in shared if fields.get(c, True)}
        fields = {c: those for c, those in fields.items() if those}
        permissions = self.permissions & other.permissions
        if not cells:
            permissions -= {"SELECT"}
        return Holding(permissions, cells, self.whole and other.whole, fields)


@dataclass(frozen=True, slots=True)
class Subject:
    """The table that grants are evaluated on, with its columns' names."""

    catalog: str
    database: str
    name: str
    columns: list[str]
    partition_keys: list[str]
    is_view: bool = False
    types: Mapping[str, str] = field(default_factory=dict)

    @property
    def every(self) -> list[str]:
        return [*self.columns, *self.partition_keys]

    def with_keys(self, columns: Iterable[str]) -> list[str]:
        """Columns and the partition keys, which no column grant can withhold (lf-permissions-reference)."""
        chosen = set(columns)
        return [c for c in self.every if c in chosen or c in self.partition_keys] if chosen else []


def subject(lf: Store, catalog: str, database: str, table: str) -> Subject:
    columns, keys = lf.world.glue.columns(catalog, database, table)
    found = lf.world.glue.table(catalog, database, table) or {}
    is_view = found.get("TableType") == "VIRTUAL_VIEW"
    typed = found.get("StorageDescriptor", {}).get("Columns", [])
    types = {column["Name"].lower(): column.get("Type") or "string" for column in typed}
    return Subject(catalog, database, table, list(columns), list(keys), is_view, types)


def holding(lf: Store, table: Subject, rows: Iterable[Row], *, grantable: bool = False) -> Holding:
    """The union of what rows give on a table. `grantable`: of what they allow to pass on."""
    total = Holding()
    for row in rows:
        permissions = frozenset(row.grantable if grantable else row.permissions)
        if not permissions:
            continue
        given = _contribution(lf, table, row, permissions)
        if table.is_view:
            # All tables, and tags, reach views too, on which nothing else can be held (lf-permissions-reference).
            given = replace(given, permissions=given.permissions & VIEW)
        if grantable and "ALL" not in permissions:
            # What a permission implies may be used, not passed on.
            given = replace(given, permissions=given.permissions & permissions)
        total |= given
    return total


def _contribution(lf: Store, table: Subject, row: Row, permissions: frozenset[str]) -> Holding:
    match row.resource:
        case Table() as resource:
            cells = dict.fromkeys(table.every, ALL_ROWS) if "ALL" in permissions else {}
            return Holding(expanded(permissions, resource), cells, whole=True)
        case Columns() as resource:
            chosen = table.with_keys(_chosen(resource, table))
            return Holding(READ, dict.fromkeys(chosen, ALL_ROWS), whole=resource.whole)
        case CellsFilter() as resource if "SELECT" in permissions:
            cells_filter = lf.cells_filter(row.grantor, resource)
            if cells_filter is None:
                return Holding()
            chosen = table.with_keys(cells_filter.chosen(table.columns))
            fields = cells_filter.fields(table.types)
            chosen = [column for column in chosen if fields.get(column, True)]
            shown = {column: those for column, those in fields.items() if those}
            return Holding(READ, dict.fromkeys(chosen, atom(cells_filter.predicate)), fields=shown)
        case Policy(kind="TABLE") as policy:
            return _by_tags(lf, table, lf.body(policy), permissions)
        case _:
            return Holding()


def _chosen(columns: Columns, table: Subject) -> list[str]:
    if columns.include is not None:
        return [c for c in table.columns if c in columns.include]
    return [c for c in table.columns if c not in columns.exclude]


def _by_tags(lf: Store, table: Subject, body: Expression | None, permissions: frozenset[str]) -> Holding:
    """A TABLE policy, evaluated column by column (managing-dl-tutorial, lf-tag-considerations).

    All columns match: as a grant on the table. Some: DESCRIBE, and SELECT on those. None, but the table's
    own tags match: DESCRIBE.
    """
    if body is None:
        return Holding()
    lake = lf.lake(table.catalog)
    inherited = lake.tags_of(table.database, table.name)
    fits = satisfies(inherited, body)

    def matches(column: str) -> bool:
        own = lake.assigned.get((table.database, table.name, column))
        return satisfies(inherited | own, body) if own else fits

    matching = [c for c in table.columns if matches(c)]
    reads = bool(permissions & {"SELECT", "ALL"})
    if matching and len(matching) == len(table.columns):
        held = TABLE if "ALL" in permissions else permissions | {"DESCRIBE"}
        return Holding(held, dict.fromkeys(table.every, ALL_ROWS) if reads else {}, whole=True)
    if matching:
        cells = dict.fromkeys(table.with_keys(matching), ALL_ROWS) if reads else {}
        return Holding(READ if reads else frozenset({"DESCRIBE"}), cells)
    if fits:
        return Holding(frozenset({"DESCRIBE"}))
    return Holding()
