"""What a principal holds in the end: own account, or direct grants and scope across accounts, opt-ins, and reading.

Across accounts (permission-cascading-rules, data-filtering-notes):

    effective = direct grants to the principal
              ∪ (what the owner shared with the principal's account ∩ what that account passed on)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.services.iam.roles import role_tags
from reconciler.sandbox.services.lakeformation.access import ReadAccess
from reconciler.sandbox.services.lakeformation.grant_sources import at_table, granted_by, on_database, sources
from reconciler.sandbox.services.lakeformation.holdings import Holding, Subject, holding, subject
from reconciler.sandbox.services.lakeformation.predicates import NO_ROWS, either, sql
from reconciler.sandbox.services.lakeformation.principals import EVERYONE, identities, parsed
from reconciler.sandbox.services.lakeformation.resources import Database, Resource, Table

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.store import Store


def table_holding(lf: Store, principal: str, table: Subject, *, everyone: bool) -> Holding:
    """Everything that a principal holds on a table."""
    found = sources(lf, principal, table.catalog, everyone=everyone)
    total = holding(lf, table, at_table(found.direct, table))
    if found.scope and found.local:
        local = holding(lf, table, at_table(found.local, table))
        if local.permissions:
            total |= holding(lf, table, at_table(found.scope, table)) & local
    return total


def database_permissions(lf: Store, principal: str, database: Database, *, everyone: bool) -> frozenset[str]:
    """Everything that a principal holds on a database as such."""
    found = sources(lf, principal, database.catalog, everyone=everyone)
    total = on_database(lf, database, found.direct)
    if found.scope and found.local:
        local = on_database(lf, database, found.local)
        if local:
            total |= on_database(lf, database, found.scope) & local
    return total


def opted_in(lf: Store, principal: str, resource: Database | Table) -> bool:
    """Whether Lake Formation decides for this principal although the resource is open to IAM (hybrid mode).

    An opt-in on the database or on all its tables covers a table; across accounts the one on all tables
    counts only beside one on the database (hybrid-access-mode notes).
    """
    account = parsed(principal)[1]
    if "AmazonDataZoneProject" in role_tags(principal):
        # https://docs.aws.amazon.com/lake-formation/latest/dg/abac-considerations.html
        return True
    names = (*identities(principal), account) if account else identities(principal)
    lakes = {resource.catalog, account or resource.catalog}

    def has(place: Resource) -> bool:
        return any((name, place) in lf.lake(lake).opt_ins for lake in lakes for name in names)

    match resource:
        case Database():
            return has(resource)
        case Table(catalog, database):
            on_database = has(Database(catalog, database))
            on_all = has(Table(catalog, database, None)) and (account in (None, catalog) or on_database)
            return has(resource) or on_all or on_database


def open_to_iam(lf: Store, table: Subject) -> bool:
    """Whether IAM_ALLOWED_PRINCIPALS may read the table."""
    rows = at_table(lambda anchor: granted_by(lf, table.catalog, (EVERYONE,), anchor), table)
    return bool(holding(lf, table, rows).cells)


def read_access(lf: Store, principal: str, catalog: str, database: str, name: str) -> ReadAccess:
    """What a principal reads of a table when it queries it (hybrid-access-workflow, data-filtering)."""
    table = subject(lf, catalog, database, name)
    at_home = parsed(principal)[1] in (None, catalog)
    if open_to_iam(lf, table) and not opted_in(lf, principal, Table(catalog, database, name)):
        return ReadAccess("open", dict.fromkeys(table.every)) if at_home else ReadAccess("denied")
    held = table_holding(lf, principal, table, everyone=False)
    if not held.cells:
        return ReadAccess("denied")
    rows = NO_ROWS
    for predicate in held.cells.values():
        rows = either(rows, predicate)
    columns = {c: sql(held.cells[c]) for c in table.every if c in held.cells}
    return ReadAccess("enforced", columns, sql(rows), held.fields)
