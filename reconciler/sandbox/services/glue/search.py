"""Search over the tables of a catalog."""

from __future__ import annotations

import operator
from collections.abc import Callable

from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.glue.arns import arns, catalog_of
from reconciler.sandbox.services.glue.database_reads import foreign_databases
from reconciler.sandbox.services.glue.pages import page
from reconciler.sandbox.services.glue.places import Place
from reconciler.sandbox.services.glue.state import Record
from reconciler.sandbox.services.glue.table_reads import visible


@operation(
    honours="CatalogId NextToken Filters SearchText MaxResults ResourceShareType",
    resources=lambda r: arns(r.region, catalog_of(r), "*", "*"),
)
def search_tables(request: Request) -> Params:
    """The tables that the caller sees and that fit a text and filters; links are not followed (API_SearchTables).

    SearchText: words that must occur in a name, a description, a column or a parameter; in quotes, exactly.
    Filters: on DatabaseName, TableName (`Name`) and any parameter of the table.
    """
    world, caller, catalog = request.world, request.caller, catalog_of(request)
    kind = request.params.get("ResourceShareType")
    if kind == "FEDERATED":
        raise request.not_simulated("with ResourceShareType FEDERATED")
    databases = [] if kind == "FOREIGN" else list(world.glue.databases(catalog))
    if kind in ("FOREIGN", "ALL"):
        databases.extend(foreign_databases(world, caller))
    tables = (t for d in databases for t in world.glue.tables(d["CatalogId"], d["Name"]))
    fitting = [
        t
        for t in tables
        if _fits(request, t) and world.lakeformation.sees_table(caller, t["CatalogId"], t["DatabaseName"], t["Name"])
    ]
    fitting.sort(key=_key)
    chosen, token = page(fitting, request.params, _key, size=1000)
    shown = [
        {**visible(caller, Place(world, t["CatalogId"], t["DatabaseName"]), t), "IsRegisteredWithLakeFormation": False}
        for t in chosen
    ]
    return {"TableList": shown, "NextToken": token}


def _key(table: Record) -> str:
    return f"{table['CatalogId']}/{table['DatabaseName']}/{table['Name']}"


def _fits(request: Request, table: Record) -> bool:
    return _has(table, request.params.get("SearchText", "")) and all(
        _passes(table, predicate) for predicate in request.params.get("Filters", [])
    )


def _has(table: Record, text: str) -> bool:
    columns = [*table.get("StorageDescriptor", {}).get("Columns", []), *table.get("PartitionKeys", [])]
    words = [table["Name"], table["DatabaseName"], table.get("Description", "")]
    words += [part for c in columns for part in (c["Name"], c.get("Comment", ""))]
    words += [part for pair in table.get("Parameters", {}).items() for part in pair]
    if text[:1] == text[-1:] == '"' and len(text) > 1:
        return text.strip('"') in words
    return all(any(wanted.lower() in word.lower() for word in words) for wanted in text.split())


def _passes(table: Record, predicate: Record) -> bool:
    key, wanted = str(predicate.get("Key", "")), str(predicate.get("Value", ""))
    value = table.get({"TableName": "Name"}.get(key, key))
    if not isinstance(value, str):
        value = table.get("Parameters", {}).get(key)
    return value is not None and _COMPARATORS[predicate.get("Comparator", "EQUALS")](str(value), wanted)


_COMPARATORS: dict[str, Callable[[str, str], bool]] = {
    "EQUALS": operator.eq,
    "GREATER_THAN": operator.gt,
    "LESS_THAN": operator.lt,
    "GREATER_THAN_EQUALS": operator.ge,
    "LESS_THAN_EQUALS": operator.le,
}
