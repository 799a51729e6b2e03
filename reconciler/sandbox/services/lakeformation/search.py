"""SearchDatabasesByLFTags and SearchTablesByLFTags."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.lakeformation import existence
from reconciler.sandbox.services.lakeformation.assigned import column_pairs, pairs
from reconciler.sandbox.services.lakeformation.lake import Lake
from reconciler.sandbox.services.lakeformation.requests import catalog_id
from reconciler.sandbox.services.lakeformation.resources import Expression, expression
from reconciler.sandbox.services.lakeformation.visibility import sees_database, sees_table

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.store import Store

MOST = 100

Search = Callable[["Store", Request, Lake, Expression], Iterator[Params]]


@operation(honours="CatalogId Expression MaxResults NextToken")
def search_databases_by_lf_tags(request: Request) -> Params:
    """The databases whose effective tags match, as far as the caller sees them; at most 100 a page."""
    return _paged(request, "DatabaseList", _databases)


@operation(honours="CatalogId Expression MaxResults NextToken")
def search_tables_by_lf_tags(request: Request) -> Params:
    """The tables whose own tags, or those of a column, match; tags count as inherited; at most 100 a page."""
    return _paged(request, "TableList", _tables)


def _paged(request: Request, name: str, search: Search) -> Params:
    lf, params = request.world.lakeformation, request.params
    found: list[Params] | None = None
    if not params.get("NextToken"):
        body = expression(params["Expression"])
        catalog = catalog_id(params.get("CatalogId"), request.caller.account)
        existence.check_expression(lf, catalog, body)
        found = list(search(lf, request, lf.lake(catalog), body))
    page, token = lf.pages.page(
        found, params.get("NextToken"), params.get("MaxResults"), most=MOST, invalid="InvalidInputException"
    )
    return {name: page} | ({"NextToken": token} if token else {})


def _databases(lf: Store, request: Request, lake: Lake, body: Expression) -> Iterator[Params]:
    for database in lf.world.glue.databases(lake.account):
        name = database["Name"]
        if lake.matches(body, name) and sees_database(lf, request.caller, lake.account, name):
            place = {"CatalogId": lake.account, "Name": name}
            yield {"Database": place, "LFTags": pairs(lake, (name,), assigned=_assigned(lf))}


def _tables(lf: Store, request: Request, lake: Lake, body: Expression) -> Iterator[Params]:
    for database in lf.world.glue.databases(lake.account):
        if database.get("TargetDatabase"):
            continue
        home = database["Name"]
        for table in lf.world.glue.tables(lake.account, home):
            name = table["Name"]
            if _matches(lf, lake, home, name, body) and sees_table(lf, request.caller, lake.account, home, name):
                columns = column_pairs(lf, lake, [(home, name)], assigned=_assigned(lf))
                yield {
                    "Table": {"CatalogId": lake.account, "DatabaseName": home, "Name": name},
                    "LFTagOnDatabase": pairs(lake, (home,), assigned=_assigned(lf)),
                    "LFTagsOnTable": pairs(lake, (home, name), assigned=_assigned(lf)),
                } | ({"LFTagsOnColumns": columns} if columns else {})


def _matches(lf: Store, lake: Lake, database: str, table: str, body: Expression) -> bool:
    if lake.matches(body, database, table):
        return True
    columns, keys = lf.world.glue.columns(lake.account, database, table)
    return any(lake.matches(body, database, table, column) for column in [*columns, *keys])


def _assigned(lf: Store) -> bool:
    """Whether searches tell only the tags of the place itself; recorded are effective ones."""
    return lf.world.beliefs["tags-in-searches"] == "assigned"
