"""What a set of grants gives on one table: the union of every row's contribution."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reconciler.sandbox.services.lakeformation.grants import Row
from reconciler.sandbox.services.lakeformation.lake import satisfies
from reconciler.sandbox.services.lakeformation.permissions import TABLE, VIEW, expanded
from reconciler.sandbox.services.lakeformation.predicates import ALL_ROWS, NO_ROWS, Predicate, atom, both, either
from reconciler.sandbox.services.lakeformation.resources import CellsFilter, Columns, Expression, Policy, Table

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.store import Store

READ = frozenset({"SELECT", "DESCRIBE"})


@dataclass(frozen=True, slots=True)
class Holding:
    """Permissions on a table and the readable cells. `whole`: something was given on the table as such."""

    permissions: frozenset[str] = frozenset()
    cells: dict[str, Predicate] = field(default_factory=dict)
    whole: bool = False

    def __or__(self, other: Holding) -> Holding:
        cells = dict(self.cells)
        for column, predicate in other.cells.items():
            cells[column] = either(cells.get(column, NO_ROWS), predicate)
        return Holding(self.permissions | other.permissions, cells, self.whole or other.whole)

    def __and__(self, other: Holding) -> Holding:
        shared = [c for c in self.cells if c in other.cells]
        cells = {c: both(self.cells[c], other.cells[c]) for c in shared}
        permissions = self.permissions & other.permissions
        if not cells:
            permissions -= {"SELECT"}
        return Holding(permissions, cells, self.whole and other.whole)


@dataclass(frozen=True, slots=True)
class Subject:
    """The table that grants are evaluated on, with its columns' names."""

    catalog: str
    database: str
    name: str
    columns: list[str]
    partition_keys: list[str]
    is_view: bool = False

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
    return Subject(catalog, database, table, list(columns), list(keys), found.get("TableType") == "VIRTUAL_VIEW")


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
            given = Holding(given.permissions & VIEW, given.cells, given.whole)
        if grantable and "ALL" not in permissions:
            # What a permission implies may be used, not passed on.
            given = Holding(given.permissions & permissions, given.cells, given.whole)
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
            return Holding(READ, dict.fromkeys(chosen, atom(cells_filter.predicate)))
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
