"""A column of a Glue table: as it is declared, as it was found, as it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from reconciler.spec.language.glue_types import canonical


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in lower case, its Hive type, its description."""

    name: str
    type: str
    comment: str = ""


@lru_cache(maxsize=4096)
def declared(name: str, type_: str, comment: str) -> Column:
    """A column as a document declares it: one object for all that are alike."""
    return Column(name, canonical(type_), comment)


def columns_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Column, ...]:
    """The columns in rows of Glue."""
    return tuple(Column(row["Name"].lower(), row.get("Type", ""), row.get("Comment", "")) for row in rows)


def as_spelled(want: tuple[Column, ...], have: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns in the spelling that their types have already, unless Hive's parser stumbles over its blanks."""
    there = {column.name: column.type for column in have if column.type == "".join(column.type.split())}
    return tuple(
        replace(column, type=there[column.name])
        if column.type != there.get(column.name, column.type) and canonical(there[column.name]) == column.type
        else column
        for column in want
    )


def rows_of(columns: Iterable[Column], there: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Columns as rows, each on top of the one of its name: what engines note on a column (`iceberg.field.id`) stays."""
    rows = {row["Name"].lower(): row for row in there}
    return [
        {
            **{name: value for name, value in rows.get(column.name, {}).items() if name != "Comment"},
            "Name": column.name,
            "Type": column.type,
            **({"Comment": column.comment} if column.comment else {}),
        }
        for column in columns
    ]
