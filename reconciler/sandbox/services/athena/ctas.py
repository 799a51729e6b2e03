"""CREATE TABLE AS SELECT and UNLOAD: the rows of a query as Parquet in S3, with or without a table; CREATE VIEW."""

from __future__ import annotations

from typing import Any

import duckdb
from sqlglot import exp

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.athena.engine import engine
from reconciler.sandbox.services.athena.failure import QueryFailed, insufficient
from reconciler.sandbox.services.athena.listed import asked
from reconciler.sandbox.services.athena.output import OutputPlace
from reconciler.sandbox.services.athena.select import Prepared, failure
from reconciler.sandbox.services.athena.view_text import ViewText, as_stored
from reconciler.sandbox.services.glue.arns import arns
from reconciler.sandbox.services.glue.places import database_place
from reconciler.sandbox.services.glue.tables import store_table
from reconciler.sandbox.services.iam.authorize import require
from reconciler.sandbox.services.lakeformation.resources import Database
from reconciler.sandbox.shared.duckdb_pool import instance
from reconciler.sandbox.shared.hive_types import hive_type
from reconciler.sandbox.shared.s3_objects import objects, write
from reconciler.sandbox.shared.sql_text import literal, quoted

#: Properties that say what is simulated: https://docs.aws.amazon.com/athena/latest/ug/create-table-as.html
_HIVE_PARQUET = {("format", "PARQUET"), ("table_type", "HIVE"), ("is_external", "TRUE")}
_COMPRESSIONS = ("parquet_compression", "write_compression")
_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"


def created(
    request: Request, tree: exp.Create, query: Prepared, database: str | None, place: OutputPlace, cutoff: int | None
) -> tuple[int, str]:
    """Run the query and make the table: the bytes read, and the address of the manifest of what was written.

    NotImplemented: other formats than Parquet, partitions, buckets.
    """
    schema, name = (tree.this.db or database or "").lower(), tree.this.name.lower()
    target = _target(request, tree, place)
    look = Request(request.world, request.caller, request.region, "glue", "CreateTable", {"DatabaseName": schema})
    try:
        require(
            request.world,
            request.caller,
            "glue:CreateTable",
            arns(request.region, request.caller.account, schema, name),
        )
        database_at = database_place(look, schema)
        database_at.world.lakeformation.authorize(
            request.caller, "CREATE_TABLE", Database(database_at.catalog, database_at.name)
        )
    except AwsError as error:
        raise insufficient(error.message) from error
    if database_at.world.glue.table(database_at.catalog, database_at.name, name):
        raise QueryFailed(f"TABLE_ALREADY_EXISTS: line 1:1: Table 'awsdatacatalog.{schema}.{name}' already exists")
    _require_empty(target)
    columns, body, scanned = _written(query, cutoff)
    table = {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", "has_encrypted_data": "false"},
        "PartitionKeys": [],
        "StorageDescriptor": {
            "Columns": columns,
            "Location": target,
            "InputFormat": f"{_PARQUET}.MapredParquetInputFormat",
            "OutputFormat": f"{_PARQUET}.MapredParquetOutputFormat",
            "SerdeInfo": {"SerializationLibrary": f"{_PARQUET}.serde.ParquetHiveSerDe"},
        },
    }
    manifest = _kept(request, place, target, body)
    try:
        store_table(request.caller, database_at, table)
    except AwsError as error:
        raise insufficient(error.message) from error
    return scanned, manifest


def viewed(request: Request, tree: exp.Create, query: Prepared, database: str | None) -> None:
    """Make a view, or with OR REPLACE another one in its place; who makes it reads what it reads (create-view)."""
    schema, name = (tree.this.db or database or "").lower(), tree.this.name.lower()
    with engine(query.sources, None) as duck:
        try:
            described, _ = duck.run(f"SELECT * FROM ({query.sql}) LIMIT 0")  # noqa: S608
        except duckdb.Error as error:
            raise failure(error, query) from error
    columns = [{"Name": row[0].lower(), "Type": hive_type(row[1])} for row in described]
    text = ViewText(tree.expression.sql(dialect="athena"), (database or schema).lower())
    given = {"DatabaseName": schema, "TableInput": {"Name": name, **as_stored(text, columns)}}
    try:
        try:
            asked(request, "CreateTable", given)
        except AwsError as error:
            if error.code != "AlreadyExistsException" or not tree.args.get("replace"):
                raise
            asked(request, "UpdateTable", given)
    except AwsError as error:
        if error.code == "AlreadyExistsException":
            raise QueryFailed(f"VIEW_ALREADY_EXISTS: View 'awsdatacatalog.{schema}.{name}' already exists") from error
        raise insufficient(error.message) from error


def unloaded(request: Request, target: str, query: Prepared, place: OutputPlace, cutoff: int | None) -> tuple[int, str]:
    """Run the query and write its rows as Parquet below `target`: the bytes read, and the manifest's address."""
    _require_empty(target)
    _, body, scanned = _written(query, cutoff)
    return scanned, _kept(request, place, target.rstrip("/") + "/", body)


def _require_empty(target: str) -> None:
    """Rows are written only to places in S3 where nothing lies."""
    try:
        taken = next(objects(target), None)
    except ValueError as error:
        raise QueryFailed(f"SYNTAX_ERROR: {target} is no place in S3") from error
    if taken is not None:
        raise QueryFailed(f"HIVE_PATH_ALREADY_EXISTS: Target directory for table already exists: {target}")


def _kept(request: Request, place: OutputPlace, target: str, body: bytes) -> str:
    """Write the rows and the manifest that names their file; the manifest's address."""
    uri, manifest = f"{target}{request.world.uuid()}.parquet", f"{place.stem}-manifest.csv"
    try:
        write(request.world, request.caller, uri, body)
    except AwsError as error:
        raise insufficient(error.message) from error
    place.keep(request, b"", ".csv")
    write(request.world, request.caller, manifest, f"{uri}\n".encode())
    return manifest


def _written(query: Prepared, cutoff: int | None) -> tuple[list[dict[str, Any]], bytes, int]:
    """The columns of the query, its rows as a Parquet file, and the bytes read."""
    with engine(query.sources, cutoff) as duck, instance() as writer, writer.folder() as folder:
        try:
            described, rows = duck.run(query.sql)
        except duckdb.Error as error:
            raise failure(error, query) from error
        columns = [{"Name": row[0].lower(), "Type": hive_type(row[1])} for row in described]
        # What a query ran in reaches no file, so a second one writes the rows that it gave.
        path = folder / "rows.parquet"
        shape = ", ".join(f"{quoted(row[0].lower())} {row[1]}" for row in described)
        writer.connection.execute(f"CREATE TABLE result ({shape})")
        if rows:
            holes = ", ".join("?" * len(columns))
            writer.connection.executemany(f"INSERT INTO result VALUES ({holes})", rows)  # noqa: S608 -- question marks only
        writer.connection.execute(f"COPY result TO {literal(str(path))} (FORMAT parquet, COMPRESSION gzip)")
        return columns, path.read_bytes(), duck.scanned


def _target(request: Request, tree: exp.Create, place: OutputPlace) -> str:
    """The folder of the new table's objects."""
    if not place.stem:
        raise request.not_simulated("into a workgroup that keeps its results itself")
    target = f"{place.stem.rpartition('/')[0]}/tables/{place.stem.rpartition('/')[2]}"
    properties = tree.args.get("properties")
    for found in properties.expressions if properties else []:
        name, value = _property(found)
        if name == "external_location":
            target = value
        elif (name, value.upper()) not in _HIVE_PARQUET and name not in _COMPRESSIONS:
            raise request.not_simulated(f"with {name} = {value} in CREATE TABLE AS")
    return target.rstrip("/") + "/"


def _property(found: Any) -> tuple[str, str]:
    value = found.args.get("value")
    value = value.sql() if isinstance(value, exp.Boolean) else value
    if isinstance(found, exp.FileFormatProperty):
        return "format", str(found.this.name if hasattr(found.this, "name") else found.this)
    if isinstance(found, exp.LocationProperty):
        return "external_location", str(found.this.name)
    return str(found.this.name if hasattr(found.this, "name") else found.this).lower(), str(
        getattr(value, "name", value)
    )
