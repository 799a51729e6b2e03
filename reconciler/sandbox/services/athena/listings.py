"""Relations that no objects lie behind: `information_schema`, and the partitions of a table as `table$partitions`.

https://docs.aws.amazon.com/athena/latest/ug/querying-glue-catalog.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.athena.answer import column
from reconciler.sandbox.services.athena.failure import insufficient, table_not_found
from reconciler.sandbox.services.athena.listed import every
from reconciler.sandbox.services.athena.sources import Source, source
from reconciler.sandbox.shared.hive_types import duckdb_type

PARTITIONS = "$partitions"
_CATALOG = "awsdatacatalog"
_COLUMNS = {
    "schemata": ("catalog_name", "schema_name"),
    "tables": ("table_catalog", "table_schema", "table_name", "table_type"),
    "columns": (
        "table_catalog",
        "table_schema",
        "table_name",
        "column_name",
        "ordinal_position",
        "column_default",
        "is_nullable",
        "data_type",
        "comment",
    ),
}
_OTHERS = ("views", "roles", "applicable_roles", "enabled_roles", "role_authorization_descriptors", "table_privileges")


def information(request: Request, table: str, position: str) -> Source:
    """A relation of `information_schema`, of what the caller sees in the Data Catalog.

    QueryFailed: there is none of that name. NotImplemented: one that is not simulated.
    """
    if table in _OTHERS:
        raise request.not_simulated(f"with information_schema.{table}")
    if table not in _COLUMNS:
        raise table_not_found(position, "information_schema", table)
    try:
        rows = tuple(_rows(request, table))
    except AwsError as error:
        raise insufficient(error.message) from error
    names = _COLUMNS[table]
    kinds = ["BIGINT" if name == "ordinal_position" else "VARCHAR" for name in names]
    return Source(dict.fromkeys(names), rows=rows, kinds=dict(zip(names, kinds, strict=True)))


def partitions(request: Request, database: str, name: str, position: str) -> Source:
    """The values of a table's partition keys, one row a partition. QueryFailed: it has none, or is not the caller's."""
    table = name.removesuffix(PARTITIONS)
    found = source(request, database, table, position)
    assert found.table is not None
    keys = found.table.current.get("PartitionKeys", [])
    if not keys:
        raise table_not_found(position, database, name)
    kinds = {key["Name"].lower(): duckdb_type(key.get("Type", "string")) for key in keys}
    return Source(dict.fromkeys(kinds), rows=tuple(sorted(found.table.partitions)), kinds=kinds)


def _rows(request: Request, table: str) -> Iterator[tuple[Any, ...]]:
    databases = sorted(row["Name"] for row in every(request, "GetDatabases", {}, "DatabaseList"))
    if table == "schemata":
        yield from ((_CATALOG, name) for name in databases)
        return
    for database in databases:
        for found in every(request, "GetTables", {"DatabaseName": database}, "TableList"):
            address = (_CATALOG, database, found["Name"])
            if table == "tables":
                yield (*address, "VIEW" if found.get("TableType") == "VIRTUAL_VIEW" else "BASE TABLE")
                continue
            shown = [*found.get("StorageDescriptor", {}).get("Columns", []), *found.get("PartitionKeys", [])]
            for number, each in enumerate(shown, 1):
                yield (*address, each["Name"].lower(), number, None, "YES", _type(each), each.get("Comment"))


def _type(each: dict[str, Any]) -> str:
    """A column's type in Athena's words; as Glue has it where the sandbox has no word."""
    try:
        kind = duckdb_type(each.get("Type", "string"))
    except LookupError:
        return str(each["Type"])
    told = column("", kind)
    return f"decimal({told.precision},{told.scale})" if told.type == "decimal" else told.type
