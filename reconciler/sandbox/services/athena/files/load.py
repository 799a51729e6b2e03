"""Loads a table's objects from the simulated S3 into DuckDB, by the table's own schema."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from reconciler.sandbox.services.athena.failure import QueryFailed
from reconciler.sandbox.services.athena.files import csv_rows, json_rows
from reconciler.sandbox.services.athena.files.columnar import relations
from reconciler.sandbox.services.athena.files.csv_rows import NULL
from reconciler.sandbox.services.athena.files.formats import file_format
from reconciler.sandbox.services.athena.files.values import type_of
from reconciler.sandbox.services.glue.state import Record, StoredTable
from reconciler.sandbox.shared.s3_objects import S3Object, objects
from reconciler.sandbox.shared.sql_text import literal, quoted


def size(stored: StoredTable) -> int:
    """The bytes of a table's objects."""
    return sum(one.size for uri, _ in parts(stored) if uri for one in objects(uri))


def load(connection: Any, name: str, stored: StoredTable, folder: Path) -> None:
    """Create the table `name` with every row of a Glue table. `folder` takes copies of the objects.

    A value that does not fit its column's type is NULL. QueryFailed: a format or a type that is not simulated,
    or objects that cannot be read.
    """
    record = stored.current
    storage = record.get("StorageDescriptor", {})
    columns, keys = storage.get("Columns", []), record.get("PartitionKeys", [])
    if record.get("Parameters", {}).get("projection.enabled", "").lower() == "true":
        raise QueryFailed("NOT_SUPPORTED: sandbox: partition projection is not simulated")
    shape = ", ".join(f"{quoted(c['Name'].lower())} {type_of(c)}" for c in [*columns, *keys])
    connection.execute(f"CREATE TABLE {name} ({shape})")
    folder.mkdir(parents=True)
    form = file_format(record)
    for number, (uri, values) in enumerate(parts(stored)):
        found = list(objects(uri)) if uri else []
        if not found:
            continue
        fixed = [f"TRY_CAST({literal(v)} AS {type_of(k)})" for k, v in zip(keys, values, strict=True)]
        for cells, relation in _relations(connection, record, form, found, folder / str(number)):
            try:
                shown = ", ".join([*cells, *fixed])
                connection.execute(f"INSERT INTO {name} SELECT {shown} FROM {relation}")  # noqa: S608
            except duckdb.Error:
                # DuckDB's words would tell the reader lines that he may not see.
                raise QueryFailed(f"HIVE_BAD_DATA: Error reading {uri}") from None


def parts(stored: StoredTable) -> list[tuple[str, tuple[str, ...]]]:
    """The table's locations with the values of their partition keys."""
    if stored.current.get("PartitionKeys"):
        return [
            (partition.get("StorageDescriptor", {}).get("Location", ""), values)
            for values, partition in sorted(stored.partitions.items())
        ]
    return [(stored.current.get("StorageDescriptor", {}).get("Location", ""), ())]


def _relations(
    connection: Any, record: Record, form: str, found: list[S3Object], path: Path
) -> list[tuple[list[str], str]]:
    """The expressions of the table's columns and the relations that they are read from."""
    columns = record["StorageDescriptor"].get("Columns", [])
    match form:
        case "text":
            how = csv_rows.dialect(record)
            return [_text(columns, (row for one in found for row in csv_rows.rows(one, how, len(columns))), path)]
        case "json":
            return [_text(columns, (row for one in found for row in json_rows.rows(one, record, columns)), path)]
        case _:
            return relations(connection, record, form, found, path)


def _text(columns: Sequence[Record], rows: Iterator[list[str | None]], path: Path) -> tuple[list[str], str]:
    """Text goes through Python's reader into a plain CSV, since DuckDB's reader is stricter than Hive's."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        for row in rows:
            writer.writerow([NULL if v is None else "=" + v for v in row])
    names = [f"c{number}" for number in range(len(columns))]
    shape = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    relation = (
        f"read_csv({literal(str(path))}, auto_detect = false, header = false, delim = ',', quote = '\"', "
        f"escape = '\"', max_line_size = 16777216, columns = {{{shape}}})"
    )
    # The sign before every value keeps an empty text apart from NULL.
    text = [f"CASE WHEN {n} <> '\\N' THEN SUBSTR({n}, 2) END" for n in names]
    return [_cell(t, type_of(c)) for t, c in zip(text, columns, strict=True)], relation


def _cell(text: str, kind: str) -> str:
    """A text as a value of a type; nested values are written as JSON."""
    if kind == "VARCHAR":
        return text
    if kind.endswith("[]") or kind.startswith(("STRUCT", "MAP")):
        return f"TRY_CAST(TRY_CAST({text} AS JSON) AS {kind})"
    return f"TRY_CAST(TRIM({text}) AS {kind})"
