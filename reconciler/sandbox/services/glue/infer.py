"""The schema of objects in S3, named as a crawler names it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from reconciler.sandbox.services.glue.state import Record
from reconciler.sandbox.shared.duckdb_pool import instance
from reconciler.sandbox.shared.hive_types import hive_type
from reconciler.sandbox.shared.s3_objects import S3Object

_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"
_TEXT = "org.apache.hadoop.mapred.TextInputFormat"
_TEXT_OUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
#: The types that DuckDB finds in text and a CSV classifier tells; the rest are strings.
_CSV_TYPES = {"BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP"}


@dataclass(frozen=True, slots=True)
class Schema:
    """What objects hold: `kind` csv or parquet, columns as (name, Hive type), and for CSV how it is written."""

    kind: str
    columns: tuple[tuple[str, str], ...]
    delimiter: str = ","
    header: bool = False
    rows: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.columns)


def schema(found: S3Object) -> Schema | None:
    """The schema of one object; None where it is neither CSV nor Parquet."""
    body = found.read()
    with instance() as engine, engine.folder() as folder:
        path = folder / "object"
        path.write_bytes(body)
        try:
            return _parquet(engine.connection, path) if body[:4] == b"PAR1" else _csv(engine.connection, path)
        except (duckdb.Error, LookupError, UnicodeDecodeError):
            return None


def merged(schemas: Sequence[Schema]) -> Schema | None:
    """One schema for all, if they are compatible: the same kind and names, types widened; else None."""
    first = schemas[0]
    if any(replace(s, columns=(), rows=0) != replace(first, columns=(), rows=0) for s in schemas):
        return None
    if any(s.names != first.names for s in schemas):
        return None
    columns = tuple(
        (name, _wide([s.columns[position][1] for s in schemas])) for position, name in enumerate(first.names)
    )
    return Schema(first.kind, columns, first.delimiter, first.header, sum(s.rows for s in schemas))


def storage(found: Schema, location: str) -> Record:
    """The storage descriptor of a table with a schema at a location."""
    columns = [{"Name": name, "Type": kind} for name, kind in found.columns]
    if found.kind == "parquet":
        return {
            "Columns": columns,
            "Location": location,
            "InputFormat": f"{_PARQUET}.MapredParquetInputFormat",
            "OutputFormat": f"{_PARQUET}.MapredParquetOutputFormat",
            "SerdeInfo": {
                "SerializationLibrary": f"{_PARQUET}.serde.ParquetHiveSerDe",
                "Parameters": {"serialization.format": "1"},
            },
        }
    return {
        "Columns": columns,
        "Location": location,
        "InputFormat": _TEXT,
        "OutputFormat": _TEXT_OUT,
        "SerdeInfo": {
            "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
            "Parameters": {"field.delim": found.delimiter},
        },
    }


def _parquet(connection: Any, path: Path) -> Schema:
    relation = connection.read_parquet(str(path))
    columns = tuple((_name(n), hive_type(str(t))) for n, t in zip(relation.columns, relation.types, strict=True))
    return Schema("parquet", columns, rows=len(relation))


def _csv(connection: Any, path: Path) -> Schema | None:
    if b"\0" in path.read_bytes():
        return None
    sniffed = connection.execute(
        "SELECT Delimiter, HasHeader, Columns FROM sniff_csv(?, sample_size = -1)", [str(path)]
    ).fetchone()
    if sniffed is None:
        return None
    delimiter, header, found = sniffed
    columns = tuple(
        (_name(c["name"]) if header else f"col{number}", _csv_type(str(c["type"]))) for number, c in enumerate(found)
    )
    # A single column is a text file, not a table.
    if len(columns) < 2:
        return None
    lines = sum(1 for line in path.read_text().splitlines() if line)
    return Schema("csv", columns, delimiter, bool(header), lines - int(header))


def _csv_type(kind: str) -> str:
    return hive_type(kind) if kind in _CSV_TYPES else "string"


def _name(name: str) -> str:
    """Column names in lower case, with `_` for what a table cannot carry."""
    return re.sub(r"[^a-z0-9_]", "_", name.lower())


def _wide(kinds: list[str]) -> str:
    different = set(kinds)
    if len(different) == 1:
        return kinds[0]
    if different <= {"int", "bigint"}:
        return "bigint"
    return "double" if different <= {"int", "bigint", "float", "double"} else "string"
