"""Loads a table's objects from the simulated S3 into DuckDB, by the table's own schema."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import duckdb

from reconciler.sandbox.services.athena.csv_rows import NULL, dialect, rows
from reconciler.sandbox.services.athena.failure import QueryFailed
from reconciler.sandbox.services.glue.state import Record, StoredTable
from reconciler.sandbox.shared.hive_types import duckdb_type
from reconciler.sandbox.shared.s3_objects import S3Object, objects


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
    shape = ", ".join(f"{quoted(c['Name'].lower())} {_type(c)}" for c in [*columns, *keys])
    connection.execute(f"CREATE TABLE {name} ({shape})")
    folder.mkdir(parents=True)
    for number, (uri, values) in enumerate(parts(stored)):
        found = list(objects(uri)) if uri else []
        if not found:
            continue
        cells, relation = _relation(connection, record, found, folder / str(number))
        fixed = [f"TRY_CAST({literal(v)} AS {_type(k)})" for k, v in zip(keys, values, strict=True)]
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


def _relation(connection: Any, record: Record, found: list[S3Object], path: Path) -> tuple[list[str], str]:
    """The expressions of the table's columns and the relation that they are read from."""
    storage = record["StorageDescriptor"]
    columns = storage.get("Columns", [])
    library = storage.get("SerdeInfo", {}).get("SerializationLibrary", "").rpartition(".")[2].lower()
    if "parquet" in f"{library} {storage.get('InputFormat', '')}".lower():
        return _parquet(connection, columns, found, path)
    if library in ("lazysimpleserde", "opencsvserde", ""):
        return _text(record, columns, found, path)
    raise QueryFailed(f"NOT_SUPPORTED: sandbox: the format {library} is not simulated")


def _parquet(connection: Any, columns: list[Record], found: list[S3Object], path: Path) -> tuple[list[str], str]:
    path.mkdir()
    for number, one in enumerate(found):
        (path / f"{number}.parquet").write_bytes(one.read())
    relation = f"read_parquet({literal(str(path / '*.parquet'))}, union_by_name = true)"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()  # noqa: S608
    except duckdb.Error:
        raise QueryFailed(f"HIVE_CANNOT_OPEN_SPLIT: Error opening {found[0].uri}") from None
    there = {row[0].lower(): row[0] for row in described}
    names = [there.get(c["Name"].lower()) for c in columns]
    cells = [f"TRY_CAST({quoted(n)} AS {_type(c)})" if n else "NULL" for n, c in zip(names, columns, strict=True)]
    return cells, relation


def _text(record: Record, columns: list[Record], found: list[S3Object], path: Path) -> tuple[list[str], str]:
    """Text goes through Python's reader into a plain CSV, since DuckDB's reader is stricter than Hive's."""
    how = dialect(record)
    with path.open("w", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        for one in found:
            for row in rows(one, how, len(columns)):
                writer.writerow([NULL if v is None else "=" + v for v in row])
    names = [f"c{number}" for number in range(len(columns))]
    shape = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    relation = (
        f"read_csv({literal(str(path))}, auto_detect = false, header = false, delim = ',', quote = '\"', "
        f"escape = '\"', max_line_size = 16777216, columns = {{{shape}}})"
    )
    # The sign before every value keeps an empty text apart from NULL.
    text = [f"CASE WHEN {n} <> '\\N' THEN SUBSTR({n}, 2) END" for n in names]
    kinds = [_type(c) for c in columns]
    cells = [t if k == "VARCHAR" else f"TRY_CAST(TRIM({t}) AS {k})" for t, k in zip(text, kinds, strict=True)]
    return cells, relation


def _type(column: Record) -> str:
    try:
        return duckdb_type(column.get("Type", "string"))
    except LookupError as error:
        raise QueryFailed(f"NOT_SUPPORTED: sandbox: the type {column['Type']} is not simulated") from error


def literal(value: str) -> str:
    """A text as a SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
