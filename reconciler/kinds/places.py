"""Place: what can carry an LF-tag."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A database, a table of it, or a column of the table."""

    database: str
    table: str = ""
    column: str = ""

    def __str__(self) -> str:
        return ".".join(part for part in (self.database, self.table, self.column) if part)
