"""What Glue asks before it answers: who sees which database, table and column, and who may change what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from reconciler.sandbox.services.lakeformation import evaluation
from reconciler.sandbox.services.lakeformation.evaluation import opted_in, table_holding
from reconciler.sandbox.services.lakeformation.grant_sources import at_table, on_database, scope, sources
from reconciler.sandbox.services.lakeformation.grants import Row
from reconciler.sandbox.services.lakeformation.holdings import Holding, Subject, holding, subject
from reconciler.sandbox.services.lakeformation.resources import Anchor, CellsFilter, Columns, Database, Policy, Table

if TYPE_CHECKING:
    from reconciler.sandbox.core.identity import Caller
    from reconciler.sandbox.services.lakeformation.store import Store


def table_view(lf: Store, caller: Caller, table: Subject) -> Holding:
    """What the caller holds on a table for metadata: grants to everyone count unless he is opted in."""
    everyone = not opted_in(lf, caller.principal, Table(table.catalog, table.database, table.name))
    held = table_holding(lf, caller.principal, table, everyone=everyone)
    if table.catalog != caller.account and lf.administers(caller):
        held |= holding(lf, table, at_table(_scope(lf, caller.account, table.catalog), table))
    return held


def database_view(lf: Store, caller: Caller, database: Database) -> frozenset[str]:
    everyone = not opted_in(lf, caller.principal, database)
    held = evaluation.database_permissions(lf, caller.principal, database, everyone=everyone)
    if database.catalog != caller.account and lf.administers(caller):
        held |= on_database(lf, database, _scope(lf, caller.account, database.catalog))
    return held


def _scope(lf: Store, account: str, catalog: str) -> Callable[[Anchor], Iterator[Row]]:
    return lambda anchor: scope(lf, account, catalog, anchor)


def sees_table(lf: Store, caller: Caller, catalog: str, database: str, table: str) -> bool:
    """Admins see everything in their account; others what they hold any permission on (#DESCRIBE)."""
    if catalog == caller.account and lf.reads_all(caller):
        return True
    return bool(table_view(lf, caller, subject(lf, catalog, database, table)).permissions)


def sees_database(lf: Store, caller: Caller, catalog: str, name: str) -> bool:
    """As for tables; besides, a permission on any of its tables shows the database, but for one under a condition.

    https://docs.aws.amazon.com/lake-formation/latest/dg/abac-considerations.html
    """
    if catalog == caller.account and lf.reads_all(caller):
        return True
    database = Database(catalog, name)
    if database_view(lf, caller, database):
        return True
    return any(sees_table(lf, caller, catalog, name, table) for table in _candidates(lf, caller, database))


def _candidates(lf: Store, caller: Caller, database: Database) -> list[str]:
    """The tables of a database on which the caller may hold something."""
    found = sources(lf, caller.principal, database.catalog, everyone=True)
    mine = [s for s in (found.direct, found.local) if s]
    if database.catalog != caller.account and lf.administers(caller):
        mine.append(_scope(lf, caller.account, database.catalog))
    named: set[str] = set()
    everywhere = False
    for rows in mine:
        for row in rows(("within", database.catalog, database.name)):
            if row.condition is not None:
                continue
            match row.resource:
                case Table(name=str(name)) | Columns(table=str(name)) | CellsFilter(table=name):
                    named.add(name)
                case _:
                    everywhere = True
        everywhere = everywhere or any(isinstance(row.resource, Policy) for row in rows(("policy", database.catalog)))
    present = [t["Name"] for t in lf.world.glue.tables(database.catalog, database.name)]
    return present if everywhere else [name for name in present if name in named]


def visible_columns(lf: Store, caller: Caller, catalog: str, database: str, table: str) -> list[str] | None:
    """None: all. With SELECT on some columns only, metadata shows only those (#DESCRIBE)."""
    if catalog == caller.account and lf.reads_all(caller):
        return None
    about = subject(lf, catalog, database, table)
    held = table_view(lf, caller, about)
    return None if held.whole else [c for c in about.every if c in held.cells]
