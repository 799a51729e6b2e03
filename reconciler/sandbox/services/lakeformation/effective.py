"""What grants to a principal come to on one resource, for ListPermissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.services.lakeformation import evaluation
from reconciler.sandbox.services.lakeformation.authorization import ADMIN_ON_CATALOG
from reconciler.sandbox.services.lakeformation.grant_sources import at_table, on_database, scope, sources
from reconciler.sandbox.services.lakeformation.grants import Row
from reconciler.sandbox.services.lakeformation.holdings import holding, subject
from reconciler.sandbox.services.lakeformation.permissions import ordered
from reconciler.sandbox.services.lakeformation.principals import parsed
from reconciler.sandbox.services.lakeformation.resources import (
    Catalog,
    CellsFilter,
    Columns,
    Database,
    Location,
    Resource,
    Table,
    anchors,
)
from reconciler.sandbox.services.lakeformation.shapes import shape

if TYPE_CHECKING:
    from reconciler.sandbox.core.identity import Caller
    from reconciler.sandbox.core.operation import Params
    from reconciler.sandbox.services.lakeformation.store import Store

Pair = tuple[set[str], set[str]]


def tells_of(lf: Store, caller: Caller, principal: str, resource: Resource) -> bool:
    """Whether a caller is told what a principal holds on a resource.

    Callers who read not everything see only what is theirs. Nothing is told of groups of Identity Center
    (terraform-provider-aws#44574), nor on a filter of a principal of another account
    (terraform-provider-aws#48360), although the grants are there.
    InvalidInputException: a user of Identity Center (terraform-provider-aws#49319).
    """
    if not lf.reads_all(caller) and principal not in (caller.principal, f"{caller.account}:IAMPrincipals"):
        return False
    kind, account = parsed(principal)
    if kind == "identity_center" and ":user/" in principal:
        raise AwsError("InvalidInputException", "AccountId cannot be null or empty")
    foreign = isinstance(resource, CellsFilter) and account not in (None, resource.catalog)
    return kind != "identity_center" and not foreign


def effective(lf: Store, principal: str, resource: Resource) -> list[Params]:
    """The rows that a principal's permissions on a resource come to, with what is implied.

    Tags are evaluated, ALL and DESCRIBE are spelt out, and administrators have what they have without a
    grant (implicit-permissions).
    """
    match resource:
        case Database():
            found = _database(lf, principal, resource)
        case Table(_, _, str()):
            return _table(lf, principal, resource)
        case _:
            found = _named(lf, principal, resource)
    return [_row(principal, resource, found)] if found[0] else []


def _administers(lf: Store, principal: str, catalog: str) -> bool:
    return principal in lf.lake(catalog).admins()


def _database(lf: Store, principal: str, database: Database) -> Pair:
    held = set(_of_account(lf, principal, database))
    grantable: set[str] = set()
    if parsed(principal)[0] not in ("account", "organization", "unit"):
        held |= evaluation.database_permissions(lf, principal, database, everyone=False)
    found = sources(lf, principal, database.catalog, everyone=False)
    for rows in (found.direct, found.local):
        if rows is not None:
            grantable |= on_database(lf, database, rows, grantable=True)
    if _administers(lf, principal, database.catalog):
        held, grantable = held | {"DESCRIBE"}, grantable | {"DESCRIBE"}
    return held, grantable & held


def _of_account(lf: Store, principal: str, database: Database) -> frozenset[str]:
    """What was granted to an account as such, as its owner sees it."""
    if parsed(principal)[0] not in ("account", "organization", "unit"):
        return frozenset()
    return on_database(lf, database, lambda anchor: lf.grants.held((principal,), anchor))


def _table(lf: Store, principal: str, resource: Table) -> list[Params]:
    """SELECT comes as a row of columns; the rest as a row of the table."""
    table = subject(lf, resource.catalog, resource.database, resource.name or "")
    found = sources(lf, principal, resource.catalog, everyone=False)
    if parsed(principal)[0] in ("account", "organization", "unit"):
        held = holding(lf, table, at_table(lambda anchor: lf.grants.held((principal,), anchor), table))
    else:
        held = evaluation.table_holding(lf, principal, table, everyone=False)
    grantable: set[str] = set()
    for rows in (found.direct, found.local):
        if rows is not None:
            grantable |= holding(lf, table, at_table(rows, table), grantable=True).permissions
    permissions = set(held.permissions)
    if _administers(lf, principal, resource.catalog):
        permissions, grantable = permissions | {"DESCRIBE"}, grantable | {"DESCRIBE"}
    result = []
    if permissions - {"SELECT"}:
        result.append(_row(principal, resource, (permissions - {"SELECT"}, grantable & permissions - {"SELECT"})))
    if held.cells:
        readable = tuple(sorted(held.cells))
        included = None if set(readable) >= set(table.every) else readable
        columns = Columns(resource.catalog, resource.database, resource.name, included)
        result.append(_row(principal, columns, ({"SELECT"}, grantable & {"SELECT"})))
    return result


def _named(lf: Store, principal: str, resource: Resource) -> Pair:
    rows: list[Row] = []
    found = sources(lf, principal, resource.catalog, everyone=False)
    for source in (found.direct, found.local):
        if source is not None:
            rows += [row for row in source(anchors(resource)[0]) if row.resource == resource]
    if parsed(principal)[0] in ("account", "organization", "unit"):
        rows += [
            row for row in scope(lf, principal, resource.catalog, anchors(resource)[0]) if row.resource == resource
        ]
    held: set[str] = set().union(*(row.permissions for row in rows))
    grantable: set[str] = set().union(*(row.grantable for row in rows))
    if _administers(lf, principal, resource.catalog):
        match resource:
            case Catalog():
                held |= ADMIN_ON_CATALOG
            case Location():
                held |= {"DATA_LOCATION_ACCESS"}
            case _:
                pass
    return held, grantable


def _row(principal: str, resource: Resource, found: Pair) -> Params:
    return {
        "Principal": {"DataLakePrincipalIdentifier": principal},
        "Resource": shape(resource),
        "Permissions": ordered(found[0]),
        "PermissionsWithGrantOption": ordered(found[1]),
    }
