"""What Glue asks before it answers: who sees which database, table and column, and who may change what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from reconciler.sandbox.errors import AwsError
from reconciler.sandbox.lakeformation import evaluation
from reconciler.sandbox.lakeformation.evaluation import at_table, on_database, opted_in, scope, sides, table_holding
from reconciler.sandbox.lakeformation.grants import Row
from reconciler.sandbox.lakeformation.holdings import Holding, Subject, holding, subject
from reconciler.sandbox.lakeformation.principals import EVERYONE, caller_identities
from reconciler.sandbox.lakeformation.resources import (
    Anchor,
    Catalog,
    CellsFilter,
    Columns,
    Database,
    Location,
    Policy,
    Resource,
    Table,
)

if TYPE_CHECKING:
    from reconciler.sandbox.lakeformation.state import LakeFormation
    from reconciler.sandbox.service import Caller

ADMIN_ON_CATALOG = frozenset({"CREATE_DATABASE", "CREATE_CATALOG", "CREATE_LF_TAG", "CREATE_LF_TAG_EXPRESSION"})


def denied(permission: str, on: str) -> AwsError:
    """Lake Formation's refusal, as Glue callers know it."""
    words = permission.replace("_", " ").title().replace("Lf Tag", "LF Tag")
    message = f"Insufficient Lake Formation permission(s): Required {words} on {on}"
    return AwsError("AccessDeniedException", message, 400)


def table_view(lf: LakeFormation, caller: Caller, table: Subject) -> Holding:
    """What the caller holds on a table for metadata: grants to everyone count unless he is opted in."""
    everyone = not opted_in(lf, caller.principal, Table(table.catalog, table.database, table.name))
    held = table_holding(lf, caller.principal, table, everyone=everyone)
    if table.catalog != caller.account and lf.administers(caller):
        held |= holding(lf, table, at_table(_scope(lf, caller.account, table.catalog), table))
    return held


def database_view(lf: LakeFormation, caller: Caller, database: Database) -> frozenset[str]:
    everyone = not opted_in(lf, caller.principal, database)
    held = evaluation.database_permissions(lf, caller.principal, database, everyone=everyone)
    if database.catalog != caller.account and lf.administers(caller):
        held |= on_database(lf, database, _scope(lf, caller.account, database.catalog))
    return held


def _scope(lf: LakeFormation, account: str, catalog: str) -> Callable[[Anchor], Iterator[Row]]:
    return lambda anchor: scope(lf, account, catalog, anchor)


def sees_table(lf: LakeFormation, caller: Caller, catalog: str, database: str, table: str) -> bool:
    """Admins see everything in their account; others what they hold any permission on (#DESCRIBE)."""
    if catalog == caller.account and lf.reads_all(caller):
        return True
    return bool(table_view(lf, caller, subject(lf, catalog, database, table)).permissions)


def sees_database(lf: LakeFormation, caller: Caller, catalog: str, name: str) -> bool:
    """As for tables; besides, a permission on any of its tables shows the database (abac-considerations)."""
    if catalog == caller.account and lf.reads_all(caller):
        return True
    database = Database(catalog, name)
    if database_view(lf, caller, database):
        return True
    return any(sees_table(lf, caller, catalog, name, table) for table in _candidates(lf, caller, database))


def _candidates(lf: LakeFormation, caller: Caller, database: Database) -> list[str]:
    """The tables of a database on which the caller may hold something."""
    found = sides(lf, caller.principal, database.catalog, everyone=True)
    sources = [s for s in (found.direct, found.local) if s]
    if database.catalog != caller.account and lf.administers(caller):
        sources.append(_scope(lf, caller.account, database.catalog))
    named: set[str] = set()
    everywhere = False
    for rows in sources:
        for row in rows(("within", database.catalog, database.name)):
            match row.resource:
                case Table(name=str(name)) | Columns(table=str(name)) | CellsFilter(table=name):
                    named.add(name)
                case _:
                    everywhere = True
        everywhere = everywhere or any(isinstance(row.resource, Policy) for row in rows(("policy", database.catalog)))
    present = [t["Name"] for t in lf.world.glue.tables(database.catalog, database.name)]
    return present if everywhere else [name for name in present if name in named]


def visible_columns(lf: LakeFormation, caller: Caller, catalog: str, database: str, table: str) -> list[str] | None:
    """None: all. With SELECT on some columns only, metadata shows only those (#DESCRIBE)."""
    if catalog == caller.account and lf.reads_all(caller):
        return None
    about = subject(lf, catalog, database, table)
    held = table_view(lf, caller, about)
    return None if held.whole else [c for c in about.every if c in held.cells]


def holds(lf: LakeFormation, caller: Caller, permission: str, resource: Resource) -> bool:
    """Whether the caller may do on a resource what a permission stands for."""
    match resource:
        case Catalog(catalog):
            if catalog == caller.account and lf.administers(caller) and permission in ADMIN_ON_CATALOG:
                return True
            names = (*caller_identities(caller), EVERYONE) if catalog == caller.account else caller_identities(caller)
            rows = lf.grants.held(names, ("catalog", catalog))
            return any(permission in row.permissions for row in rows)
        case Database(catalog, name):
            if permission == "DESCRIBE":
                return sees_database(lf, caller, catalog, name)
            return permission in database_view(lf, caller, resource)
        case Table(catalog, database, str(name)):
            if permission == "DESCRIBE":
                return sees_table(lf, caller, catalog, database, name)
            return permission in table_view(lf, caller, subject(lf, catalog, database, name)).permissions
        case Location(catalog, arn):
            return _holds_location(lf, caller, catalog, arn)
        case _:
            raise TypeError(f"nobody asks for {permission} on {resource}")


def _holds_location(lf: LakeFormation, caller: Caller, catalog: str, arn: str) -> bool:
    """DATA_LOCATION_ACCESS on the location or one above it; admins have it everywhere."""
    if catalog == caller.account and lf.administers(caller):
        return True
    owner = lf.registrar(arn)
    for row in lf.grants.held((*caller_identities(caller), EVERYONE), ("location", owner or catalog)):
        match row.resource:
            case Location(_, granted) if covers(granted, arn):
                return True
            case _:
                pass
    return False


def covers(upper: str, lower: str) -> bool:
    """Whether a location contains another (ARNs without trailing slash)."""
    return lower == upper or lower.startswith(upper + "/")


def name_of(resource: Resource) -> str:
    """What AWS calls a resource in a refusal."""
    match resource:
        case Catalog():
            return "Catalog"
        case Database(_, name):
            return name
        case Table(_, _, name):
            return name or "ALL_TABLES"
        case Location(_, arn):
            return "s3://" + arn.removeprefix("arn:aws:s3:::")
        case _:
            return type(resource).__name__
