"""Data cells filters: create, read, update, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.lakeformation.cell_rules import wanted_filter
from reconciler.sandbox.services.lakeformation.grant_authority import may_grant, refusal
from reconciler.sandbox.services.lakeformation.lake import Filter
from reconciler.sandbox.services.lakeformation.principals import caller_identities
from reconciler.sandbox.services.lakeformation.requests import catalog_id, resources
from reconciler.sandbox.services.lakeformation.resources import CellsFilter, Columns, Table

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.store import Store


@operation(honours="TableData", refuses="TableData.VersionId")
def create_data_cells_filter(request: Request) -> Params:
    """Create a filter on a table, one's own or one shared with the account."""
    lf, caller = request.world.lakeformation, request.caller
    wanted = wanted_filter(request)
    kept = lf.lake(caller.account).filters.setdefault((wanted.catalog, wanted.database, wanted.table), {})
    if wanted.name in kept:
        raise AwsError("AlreadyExistsException", f"Data cells filter {wanted.name} already exists.")
    kept[wanted.name] = wanted
    return {}


@operation(honours="TableData")
def update_data_cells_filter(request: Request) -> Params:
    """Replace a filter. ConcurrentModificationException: a VersionId that is not the filter's."""
    lf, caller, data = request.world.lakeformation, request.caller, request.params["TableData"]
    before = _found(request, data, "ALTER")
    if data.get("VersionId") not in (None, before.version):
        raise AwsError("ConcurrentModificationException", "The data cells filter has another version.")
    wanted = wanted_filter(request)
    lf.lake(caller.account).filters[before.catalog, before.database, before.table][before.name] = wanted
    return {}


@operation(honours="TableCatalogId DatabaseName TableName Name")
def get_data_cells_filter(request: Request) -> Params:
    return {"DataCellsFilter": shape(_found(request, request.params, "DESCRIBE"))}


@operation(honours="TableCatalogId DatabaseName TableName Name")
def delete_data_cells_filter(request: Request) -> Params:
    """Delete a filter with the grants on it."""
    lf, caller = request.world.lakeformation, request.caller
    gone = _found(request, request.params, "DROP")
    del lf.lake(caller.account).filters[gone.catalog, gone.database, gone.table][gone.name]
    for row in lf.grants.at(("table", gone.catalog, gone.database, gone.table)):
        if row.grantor == caller.account and row.resource == _resource(gone):
            lf.grants.drop(row)
            lf.world.ram.unshare(row, caller)
    return {}


@operation(honours="Table MaxResults NextToken")
def list_data_cells_filter(request: Request) -> Params:
    """The filters that the caller may see, of one table or of all that his account has filters on."""
    lf, caller, params = request.world.lakeformation, request.caller, request.params
    asked = None
    if params.get("Table"):
        asked = resources({"Table": params["Table"]}, caller.account)[0]
    lakes = [lf.lake(caller.account)]
    if asked is not None and asked.catalog != caller.account:
        lakes.append(lf.lake(asked.catalog))
    found = [
        shape(kept)
        for lake in lakes
        for table, filters in lake.filters.items()
        for kept in filters.values()
        if _within(table, asked) and _may(lf, caller, lake.account, kept, "DESCRIBE")
    ]
    page, token = lf.pages.page(
        found, params.get("NextToken"), params.get("MaxResults"), most=1000, invalid="InvalidInputException"
    )
    return {"DataCellsFilters": page} | ({"NextToken": token} if token else {})


def _within(table: tuple[str, str, str], asked: object) -> bool:
    match asked:
        case Table(catalog, database, name):
            return table[:2] == (catalog, database) and name in (None, table[2])
        case _:
            return True


def _resource(kept: Filter) -> CellsFilter:
    return CellsFilter(kept.catalog, kept.database, kept.table, kept.name)


def _found(request: Request, data: Params, permission: str) -> Filter:
    """A filter of the caller's account (to read also one that was shared) on which he may do something."""
    lf, caller = request.world.lakeformation, request.caller
    missing = [m for m in ("TableCatalogId", "DatabaseName", "TableName", "Name") if not data.get(m)]
    if missing:
        raise AwsError("InvalidInputException", f"{missing[0]} is missing.")
    catalog = catalog_id(data["TableCatalogId"], caller.account)
    place = (catalog, data["DatabaseName"].lower(), data["TableName"].lower())
    for account in dict.fromkeys((caller.account, catalog if permission == "DESCRIBE" else caller.account)):
        kept: Filter | None = lf.lake(account).filters.get(place, {}).get(data["Name"])
        if kept is not None:
            if not _may(lf, caller, account, kept, permission):
                raise refusal()
            return kept
    if lf.reads_all(caller) and catalog == caller.account:
        raise AwsError("EntityNotFoundException", "Cell Filter not found.")
    raise refusal()


def _may(lf: Store, caller: Caller, account: str, kept: Filter, permission: str) -> bool:
    """Admins of the account that made it, holders of the permission, and whoever could make it."""
    if account == caller.account:
        if lf.administers(caller) or (permission == "DESCRIBE" and lf.reads_all(caller)):
            return True
        if may_grant(lf, caller, Columns(kept.catalog, kept.database, kept.table), {"SELECT"}):
            return True
    names = caller_identities(caller)
    if account != caller.account and lf.reads_all(caller):
        names = (*names, *lf.receivers(caller.account))
    rows = lf.grants.held(names, ("table", kept.catalog, kept.database, kept.table))
    mine = [row for row in rows if row.resource == _resource(kept) and row.grantor == account]
    arrived = [row for row in mine if account == caller.account or lf.carried(row, caller.account)]
    return any(permission == "DESCRIBE" or permission in row.permissions for row in arrived)


def shape(kept: Filter) -> Params:
    """A filter as answers show it."""
    exclude: Params = {"ExcludedColumnNames": list(kept.exclude)} if kept.exclude else {}
    columns: Params = {"ColumnWildcard": exclude} if kept.include is None else {"ColumnNames": list(kept.include)}
    rows: Params = {"AllRowsWildcard": {}} if kept.predicate is None else {"FilterExpression": kept.predicate}
    return {
        "TableCatalogId": kept.catalog,
        "DatabaseName": kept.database,
        "TableName": kept.table,
        "Name": kept.name,
        "RowFilter": rows,
        "VersionId": kept.version,
    } | columns
