"""Types of Glue's columns as DuckDB's, and the other way."""

from __future__ import annotations

import re

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


def duckdb_type(hive: str) -> str:
    """DuckDB's type for a column's. LookupError: a type that is not simulated."""
    text = hive.strip().lower()
    decimal = re.fullmatch(r"decimal(?:\((\d+)(?:,\s*(\d+))?\))?", text)
    if decimal:
        return f"DECIMAL({int(decimal[1] or 10)},{int(decimal[2] or 0)})"
    array = re.fullmatch(r"array<(.+)>", text)
    if array:
        return f"{duckdb_type(array[1])}[]"
    return _TO_DUCKDB[re.sub(r"\(\d+\)$", "", text)]


def hive_type(duckdb: str) -> str:
    """The column type that Glue names for DuckDB's. LookupError: one that is not simulated."""
    if decimal := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", duckdb):
        return f"decimal({decimal[1]},{decimal[2]})"
    if duckdb.endswith("[]"):
        return f"array<{hive_type(duckdb[:-2])}>"
    return _TO_HIVE[duckdb]
