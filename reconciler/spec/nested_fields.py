"""Fields of structs among the columns that are shared by name, such as `address.zip`.

Lake Formation takes them in a data filter only, at most five deep, and not together with a condition on rows.
https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_DataCellsFilter.html
https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html
"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.spec.documents.subscription import SubscribedTable
from reconciler.spec.documents.table import Table
from reconciler.spec.language.glue_types import glue_type

DEEPEST = 5


def field_path(table: Table, name: str) -> tuple[str, ...]:
    """The column of a table, and the fields in it, that a name means; empty where there is none.

    A column may have dots in its own name, so the longest one that fits is meant.
    """
    types = table.types
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        column, fields = ".".join(parts[:end]), tuple(part.lower() for part in parts[end:])
        if column in types:
            return (column, *fields) if not fields or _has(types[column], fields) else ()
    return ()


def _has(kind: str, fields: Iterable[str]) -> bool:
    found = glue_type(kind)
    for field in fields:
        parts = {name.lower(): part for name, part in found.parts} if found and found.word == "struct" else {}
        if field not in parts:
            return False
        found = parts[field]
    return True


def needs_filter(table: Table, shared: SubscribedTable) -> bool:
    """Whether a table is shared by a data filter: some rows of it, or some fields of a struct."""
    return bool(shared.rows) or any(len(field_path(table, name)) > 1 for name in (*shared.columns, *shared.exclude))


def top(table: Table, name: str) -> str:
    """The column that a name is, or is in."""
    return (field_path(table, name) or (name,))[0]


def as_listed(table: Table, names: Iterable[str]) -> tuple[str, ...]:
    """Names as a filter lists them, sorted: `"address"."zip"` for a field."""
    paths = (field_path(table, name) or (name,) for name in names)
    return tuple(sorted(path[0] if len(path) == 1 else ".".join(f'"{part}"' for part in path) for path in paths))
