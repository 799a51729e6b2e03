"""Types of Glue's columns as DuckDB's, and the other way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from reconciler.sandbox.shared.sql_text import quoted

_TO_DUCKDB = {
    "boolean": "BOOLEAN",
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "int": "INTEGER",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "long": "BIGINT",
    "float": "FLOAT",
    "real": "FLOAT",
    "double": "DOUBLE",
    "string": "VARCHAR",
    "char": "VARCHAR",
    "varchar": "VARCHAR",
    "binary": "BLOB",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}
_TO_HIVE = {
    "BOOLEAN": "boolean",
    "TINYINT": "tinyint",
    "SMALLINT": "smallint",
    "INTEGER": "int",
    "BIGINT": "bigint",
    "HUGEINT": "bigint",
    "FLOAT": "float",
    "DOUBLE": "double",
    "VARCHAR": "string",
    "BLOB": "binary",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamp",
}


@dataclass(frozen=True, slots=True)
class HiveType:
    """A type: its word, and its parts with their names (fields of a struct; empty elsewhere)."""

    word: str
    parts: tuple[tuple[str, HiveType], ...] = ()

    @property
    def duckdb(self) -> str:
        """DuckDB's type for it. LookupError: a type that is not simulated."""
        match self.word, self.parts:
            case "struct", parts:
                return f"STRUCT({', '.join(f'{quoted(name)} {part.duckdb}' for name, part in parts)})"
            case "map", ((_, key), (_, value)):
                return f"MAP({key.duckdb}, {value.duckdb})"
            case "array", ((_, element),):
                return f"{element.duckdb}[]"
        decimal = re.fullmatch(r"decimal(?:\((\d+)(?:,(\d+))?\))?", self.word)
        if decimal:
            return f"DECIMAL({int(decimal[1] or 10)},{int(decimal[2] or 0)})"
        return _TO_DUCKDB[re.sub(r"\(\d+\)$", "", self.word)]

    def fitted(self, value: Any) -> Any:
        """A value of JSON in the form of the type: fields by name without regard to case, others left out."""
        match self.word, value:
            case "struct", dict():
                lowered = {str(key).lower(): inner for key, inner in value.items()}
                return {name: part.fitted(lowered.get(name)) for name, part in self.parts}
            case "map", dict():
                return {key: self.parts[1][1].fitted(inner) for key, inner in value.items()}
            case "array", list():
                return [self.parts[0][1].fitted(inner) for inner in value]
            case "struct" | "map" | "array", _:
                return None
        return value


def hive(text: str) -> HiveType:
    """The type that a column's text means; names of fields in lower case, as Athena has them."""
    word = "".join(text.lower().split())
    outer, _, inner = word.partition("<")
    if not inner:
        return HiveType(word)
    parts = _split(inner.removesuffix(">"))
    if outer == "struct":
        named = (part.partition(":") for part in parts)
        return HiveType(outer, tuple((name, hive(kind)) for name, _, kind in named))
    return HiveType(outer, tuple(("", hive(part)) for part in parts))


def duckdb_type(text: str) -> str:
    """DuckDB's type for a column's. LookupError: a type that is not simulated."""
    return hive(text).duckdb


def hive_type(duckdb: str) -> str:
    """The column type that Glue names for DuckDB's. LookupError: one that is not simulated."""
    if decimal := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", duckdb):
        return f"decimal({decimal[1]},{decimal[2]})"
    if duckdb.endswith("[]"):
        return f"array<{hive_type(duckdb[:-2])}>"
    if nested := re.fullmatch(r"(STRUCT|MAP)\((.+)\)", duckdb):
        parts = [part.strip() for part in _split(nested[2])]
        if nested[1] == "MAP":
            return f"map<{','.join(map(hive_type, parts))}>"
        fields = (re.fullmatch(r'(?:"((?:[^"]|"")+)"|(\S+)) (.+)', part) for part in parts)
        return f"struct<{','.join(f'{f[1] or f[2]}:{hive_type(f[3])}' for f in fields if f)}>"
    return _TO_HIVE[duckdb]


def _split(text: str) -> list[str]:
    """The parts between commas that are in no bracket."""
    parts, depth, start = [], 0, 0
    for index, sign in enumerate(text):
        depth += (sign in "<(") - (sign in ">)")
        if sign == "," and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]]
