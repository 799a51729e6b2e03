"""What a file, a contract or a catalog tells of tables: columns, types, how they are written, what to know of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from reconciler.errors import MeshformError
from reconciler.spec.language.glue_types import is_glue_type
from reconciler.spec.slug import slug


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A column, its type in Glue's words, and what is to be known of that; what it means, and its label, if known.

    least  the label below which it is not to be guessed, and why
    """

    name: str
    type: str = "string"
    remark: str = ""
    description: str = ""
    label: str = ""
    least: tuple[str, str] = ("", "")


def readable(column: FoundColumn) -> FoundColumn:
    """A column as Athena reads it: as text where it does not know the type."""
    if is_glue_type(column.type):
        return column
    remark = f"{' '.join(column.type.split())[:60]} in the contract; Athena does not read that"
    return replace(column, type="string", remark=remark)


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table; `csv` says how its CSV files are written, `told` what whoever makes a product of it should know.

    `quality` are rules of DQDL, each with the share of rows for which it is promised.
    """

    name: str
    format: str
    columns: tuple[FoundColumn, ...]
    csv: Mapping[str, str | bool] = field(default_factory=dict)
    partition_keys: tuple[FoundColumn, ...] = ()
    told: tuple[str, ...] = ()
    description: str = ""
    quality: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """Tables of a product, and what is said of it as a whole: answers by field, how old data may be, its last day."""

    tables: tuple[FoundTable, ...]
    answers: Mapping[str, str] = field(default_factory=dict)
    max_age: str | None = None
    until: date | None = None
    told: tuple[str, ...] = ()


_PARTITION = re.compile(r"(\w+)=[^=]*")
"""How Hive calls the folder of a partition."""


def table_name(path: Path) -> str:
    """The name of a table after its file: `Credit Card.csv.gz` is credit_card, and sales/dt=2026-01-01/part-0.csv is
    sales. Raises MeshformError."""
    folders = [each.name for each in path.parents if _PARTITION.fullmatch(each.name) is None]
    called = folders[0] if partition_keys(path) and folders[0] not in ("", "..") else path.name
    name = slug(called.partition(".")[0]).replace("-", "_")
    if not name:
        raise MeshformError(f"The name of the file {called} gives no name of a table: call it in Latin letters.")
    return name


def partition_keys(path: Path) -> tuple[str, ...]:
    """The keys of the folders above a file that are called as Hive calls partitions: dt=2026-01-01/country=de."""
    return tuple(found[1].lower() for part in path.parts[:-1] if (found := _PARTITION.fullmatch(part)))
