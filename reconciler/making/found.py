"""What a file of data tells of its table: columns, types, how it is written, and what a person should know of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import MeshformError
from reconciler.making.answers import slug


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A column, its type in Glue's words, and what is to be known of the type."""

    name: str
    type: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table; `csv` says how its CSV files are written, `told` what whoever makes a product of it should know."""

    name: str
    format: str
    columns: tuple[FoundColumn, ...]
    csv: Mapping[str, str | bool]
    partition_keys: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def table_name(path: Path) -> str:
    """The name of a table after its file: `Credit Card.csv.gz` is credit_card. Raises MeshformError."""
    name = slug(path.name.partition(".")[0]).replace("-", "_")
    if not name:
        raise MeshformError(f"The name of the file {path.name} gives no name of a table: call it in Latin letters.")
    return name


def partition_keys(path: Path) -> tuple[str, ...]:
    """The keys of the folders above a file that are called as Hive calls partitions: dt=2026-01-01/country=de."""
    return tuple(found[1].lower() for part in path.parts[:-1] if (found := re.fullmatch(r"(\w+)=[^=]*", part)))
