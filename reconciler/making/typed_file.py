"""A Parquet or JSON file as a table, by the types that DuckDB finds in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, cast

from reconciler.errors import MeshformError
from reconciler.making.found import FoundColumn, FoundTable, table_name
from reconciler.spec.documents.table import Column
from reconciler.spec.language.glue_types import is_glue_type
from reconciler.spec.language.validation_messages import wrong_value

_PLAIN = {
    "bigint": "bigint",
    "blob": "binary",
    "boolean": "boolean",
    "date": "date",
    "double": "double",
    "float": "float",
    "integer": "int",
    "smallint": "smallint",
    "tinyint": "tinyint",
    "varchar": "string",
    "enum": "string",
    "timestamp": "timestamp",
    "timestamp_ms": "timestamp",
    "timestamp_ns": "timestamp",
    "timestamp with time zone": "timestamp",
    # Parquet keeps what has no sign in the next wider type that has one.
    "utinyint": "int",
    "usmallint": "int",
    "uinteger": "bigint",
}
_TEXT_IN_JSON = frozenset(("date", "timestamp", "binary"))


class _Type(Protocol):
    """A type of DuckDB: its word, and its parts or sizes."""

    id: str
    children: list[tuple[str, object]]


def typed_table(path: Path, form: str) -> FoundTable:
    """What a file tells, `form` being parquet or json. Raises MeshformError where it is none, or DuckDB is missing."""
    try:
        import duckdb
    except ImportError as error:
        raise MeshformError(
            f"Reading {form} files needs another package: duckdb is missing.",
            hints=("`pip install 'meshform[sandbox]'`, or give a CSV file",),
        ) from error
    if form == "json" and _first_sign(path) == "[":
        raise MeshformError(f"{path} is one list. Athena reads JSON with one object a line: write it so.")
    try:
        with duckdb.connect() as connection:
            read = connection.read_parquet if form == "parquet" else connection.read_json
            relation = read(str(path), hive_partitioning=False)
            types = zip(relation.columns, relation.types, strict=True)
            found = [(name, _column(name.lower(), cast(_Type, kind), form)) for name, kind in types]
    except duckdb.Error as error:
        raise MeshformError(f"{path} cannot be read as {form}: {str(error).splitlines()[0]}") from error
    except (RuntimeError, UnicodeError) as error:
        # So DuckDB ends where it makes a str of a name whose bytes are none.
        raise MeshformError(f"{path} cannot be read as {form}: a name in it is no UTF-8.") from error
    columns, told = [], []
    for name, column in found:
        wrong = wrong_value(Column, "name", name.lower())
        if wrong is not None:
            told.append(f"The column {name!r} is left out: its name {wrong.partition(' ')[2]}.")
        else:
            columns.append(column)
    if not columns:
        raise MeshformError(f"{path} has no column that Glue can keep.")
    return FoundTable(table_name(path), form, tuple(columns), {}, told=tuple(told))


def _first_sign(path: Path) -> str:
    if path.suffix == ".gz":
        return ""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(1000).lstrip("\ufeff \t\r\n")[:1]


def _column(name: str, kind: _Type, form: str) -> FoundColumn:
    text = "".join(_words(kind, form))
    if "?" in text or not is_glue_type(text):
        return FoundColumn(
            name, "string", f"{str(kind)[:60]} in the file; Athena does not read that".replace("\n", " ")
        )
    return FoundColumn(name, text)


def _words(kind: _Type, form: str) -> Iterator[str]:
    """A type in Glue's words, with `?` for a part that has none."""

    def part(at: int) -> str:
        return "".join(_words(cast(_Type, kind.children[at][1]), form))

    match kind.id:
        case "list":
            yield f"array<{part(0)}>"
        case "map":
            yield f"map<{part(0)},{part(1)}>"
        case "struct":
            yield f"struct<{','.join(f'{name}:{part(at)}' for at, (name, _) in enumerate(kind.children))}>"
        case "decimal":
            yield f"decimal({','.join(str(size) for _, size in kind.children)})"
        case word:
            found = _PLAIN.get(word, "string" if form == "json" else "?")
            yield "string" if form == "json" and found in _TEXT_IN_JSON else found
