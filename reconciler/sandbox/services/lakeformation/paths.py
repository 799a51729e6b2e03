"""GetEffectivePermissionsForPath: grants on the databases and tables that lie at an S3 path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.lakeformation.grants import Row
from reconciler.sandbox.services.lakeformation.requests import catalog_id, location_arn
from reconciler.sandbox.services.lakeformation.resources import CellsFilter
from reconciler.sandbox.services.lakeformation.rows import Reader

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.store import Store


@operation(honours="CatalogId ResourceArn NextToken MaxResults")
def get_effective_permissions_for_path(request: Request) -> Params:
    lf, params, caller = request.world.lakeformation, request.params, request.caller
    catalog = catalog_id(params.get("CatalogId"), caller.account)
    reader = Reader(lf, caller, catalog)
    found = None
    if not params.get("NextToken"):
        found = reader.entries(_at(lf, catalog, location_arn(params["ResourceArn"])))
    page, token = lf.pages.page(
        found, params.get("NextToken"), params.get("MaxResults"), most=1000, invalid="InvalidInputException"
    )
    return {"Permissions": [_bare(row) for row in reader.shown(page)]} | ({"NextToken": token} if token else {})


def _bare(row: Params) -> Params:
    """Here AWS leaves out in which catalog a database is (recorded by the AWS CLI's examples)."""
    database = row["Resource"].get("Database")
    return row | {"Resource": {"Database": {"Name": database["Name"]}}} if database else row


def _at(lf: Store, catalog: str, arn: str) -> Iterator[Row]:
    for database in lf.world.glue.databases(catalog):
        home = database["Name"]
        if _is_at(database.get("LocationUri"), arn):
            yield from lf.grants.at(("database", catalog, home))
        if database.get("TargetDatabase"):
            continue
        for table in lf.world.glue.tables(catalog, home):
            if _is_at((table.get("StorageDescriptor") or {}).get("Location"), arn):
                rows = lf.grants.at(("table", catalog, home, table["Name"]))
                yield from (row for row in rows if not isinstance(row.resource, CellsFilter))


def _is_at(location: str | None, arn: str) -> bool:
    return bool(location) and location_arn(str(location)) == arn
