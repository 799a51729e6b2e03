"""The rows of a finished query, in Athena's types and text forms."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer with its Athena type."""

    name: str
    type: str
    precision: int
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gives: rows of text (None is NULL). `header` if the first row tells the names."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str | None, ...], ...]
    header: bool = True

    @property
    def lines(self) -> list[Sequence[str | None]]:
        """The rows as GetQueryResults counts them, the header first."""
        names: list[Sequence[str | None]] = [[c.name for c in self.columns]] if self.header else []
        return names + list(self.rows)

    def csv(self) -> bytes:
        """The result file: every value in quotes, NULL as nothing."""
        return "".join(",".join(map(_quoted, line)) + "\n" for line in self.lines).encode()

    def text(self) -> bytes:
        """The result file of a statement that is no SELECT: tabs between the values."""
        return "".join("\t".join(value or "" for value in line) + "\n" for line in self.lines).encode()


#: Athena's type and its precision for each of DuckDB's.
_TYPES = {
    "BOOLEAN": ("boolean", 0),
    "TINYINT": ("tinyint", 3),
    "SMALLINT": ("smallint", 5),
    "INTEGER": ("integer", 10),
    "BIGINT": ("bigint", 19),
    "HUGEINT": ("bigint", 19),
    "UBIGINT": ("bigint", 19),
    "FLOAT": ("float", 17),
    "DOUBLE": ("double", 17),
    "VARCHAR": ("varchar", 2147483647),
    "BLOB": ("varbinary", 1073741824),
    "DATE": ("date", 0),
    "TIME": ("time", 3),
    "TIMESTAMP": ("timestamp", 3),
    "TIMESTAMP_S": ("timestamp", 3),
    "TIMESTAMP_MS": ("timestamp", 3),
    "TIMESTAMP_NS": ("timestamp", 3),
    "TIMESTAMP WITH TIME ZONE": ("timestamp with time zone", 3),
}


def column(name: str, duckdb_type: str) -> Column:
    """A column by its name and DuckDB's type; Athena's names are in lower case."""
    decimal = re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", duckdb_type)
    if decimal:
        return Column(name.lower(), "decimal", int(decimal[1]), int(decimal[2]))
    kind, precision = _TYPES.get(duckdb_type, ("varchar", 2147483647))
    if duckdb_type.endswith("[]"):
        kind, precision = "array", 0
    elif duckdb_type.startswith("STRUCT"):
        kind, precision = "row", 0
    elif duckdb_type.startswith("MAP"):
        kind, precision = "map", 0
    return Column(name.lower(), kind, precision)


def told(value: Any) -> str | None:
    """A value as Athena writes it."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case float():
            return _double(value)
        case Decimal():
            return format(value, "f")
        case datetime.datetime():
            zone = f" {value.tzname()}" if value.tzinfo else ""
            return value.strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond // 1000:03d}{zone}"
        case datetime.date() | datetime.time():
            return value.isoformat()
        case bytes():
            return value.hex(" ")
        case list():
            return "[" + ", ".join(told(v) or "null" for v in value) + "]"
        case dict():
            return "{" + ", ".join(f"{k}={told(v) or 'null'}" for k, v in value.items()) + "}"
        case _:
            return str(value)


def _double(value: float) -> str:
    """A double as Java writes it: 1.0, 1.0E10, NaN, Infinity."""
    if value != value or value in (float("inf"), float("-inf")):
        return {"inf": "Infinity", "-inf": "-Infinity"}.get(str(value), "NaN")
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        text = format(Decimal(repr(value)), "f")
        return text if "." in text else f"{text}.0"
    mantissa, _, exponent = format(Decimal(repr(value)).normalize(), "E").partition("E")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}E{int(exponent)}"


def _quoted(value: str | None) -> str:
    return "" if value is None else '"' + value.replace('"', '""') + '"'
