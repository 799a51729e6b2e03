"""Parquet, ORC and Avro objects as Parquet files that the engine reads. ORC and Avro take packages of their own."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from reconciler.sandbox.services.athena.failure import QueryFailed
from reconciler.sandbox.services.athena.files.formats import by_place, found_in
from reconciler.sandbox.services.athena.files.iceberg import IcebergTable, iceberg_table
from reconciler.sandbox.services.athena.files.packages import needed
from reconciler.sandbox.services.athena.files.values import type_of
from reconciler.sandbox.services.glue.state import Record
from reconciler.sandbox.shared.s3_objects import S3Object
from reconciler.sandbox.shared.sql_text import literal, quoted

#: What a file's type may be read as; a type of another family is Athena's HIVE_BAD_DATA.
_FAMILIES = (
    ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT"),
    ("FLOAT", "DOUBLE"),
    ("VARCHAR", "BLOB", "ENUM", "UUID"),
    ("TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S", "TIMESTAMP WITH TIME ZONE"),
)


def relations(
    connection: Any, record: Record, form: str, found: Sequence[S3Object], folder: Path
) -> list[tuple[list[str], str]]:
    """For each object the expressions of the table's columns and the relation that they are read from.

    Each file is asked for its own fields, since files of one table may differ. QueryFailed: one cannot be read.
    """
    folder.mkdir()
    lake = iceberg_table(record) if form == "iceberg" else None
    if lake is not None:
        found = lake.files
    columns = record["StorageDescriptor"].get("Columns", [])
    given = []
    for number, one in enumerate(found):
        path = folder / f"{number}.parquet"
        relation = f"read_parquet({literal(str(path))})"
        try:
            path.write_bytes(_parquet(form, one.read()))
            described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()  # noqa: S608
        except (duckdb.Error, ValueError, OSError, IndexError, EOFError, StopIteration):
            raise QueryFailed(f"HIVE_CANNOT_OPEN_SPLIT: Error opening {one.uri}") from None
        if lake is not None:
            fields = _by_id(connection, lake, path, columns)
        else:
            place = form != "avro" and by_place(record, form)
            fields = found_in(columns, [row[0] for row in described], place=place)
        cells = [
            "NULL" if field is None else _cell(column, described[field], form)
            for column, field in zip(columns, fields, strict=True)
        ]
        given.append((cells, relation))
    return given


def _by_id(connection: Any, lake: IcebergTable, path: Path, columns: Sequence[Record]) -> list[int | None]:
    """For each column the number of the field that has its id in the file."""
    described = connection.execute(
        f"SELECT field_id, COALESCE(num_children, 0) FROM parquet_schema({literal(str(path))})"  # noqa: S608
    ).fetchall()
    numbers: dict[int, int] = {}
    inside, number = 0, -1
    for field_id, children in described[1:]:
        if inside:
            inside += children - 1
            continue
        number += 1
        numbers[field_id] = number
        inside = children
    return [numbers.get(lake.ids.get(column["Name"].lower(), -1)) for column in columns]


def _cell(column: Record, field: tuple[str, str], form: str) -> str:
    name, there = field[0], field[1]
    wanted = type_of(column)
    if not _fits(there.partition("(")[0], wanted.partition("(")[0]):
        raise QueryFailed(
            f"HIVE_BAD_DATA: Field {name}'s type {there} in {form} file is incompatible with type "
            f"{column.get('Type', 'string')} defined in table schema"
        )
    return f"TRY_CAST({quoted(name)} AS {wanted})"


def _fits(there: str, wanted: str) -> bool:
    if there.endswith("[]") or wanted.endswith("[]"):
        return there.endswith("[]") and wanted.endswith("[]")
    return there == wanted or any(there in family and wanted in family for family in _FAMILIES)


def _parquet(form: str, body: bytes) -> bytes:
    if form in ("parquet", "iceberg"):
        return body
    arrow, parquet = needed("pyarrow", form), needed("pyarrow.parquet", form)
    if form == "orc":
        table = needed("pyarrow.orc", form).read_table(arrow.BufferReader(body))
    else:
        reader = needed("fastavro", form).reader(io.BytesIO(body))
        names = [each["name"] for each in reader.writer_schema["fields"]]
        rows = list(reader)
        table = arrow.table({name: [row[name] for row in rows] for name in names})
    written = io.BytesIO()
    parquet.write_table(table, written)
    return written.getvalue()
