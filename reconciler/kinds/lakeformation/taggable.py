"""Place: what can carry an LF-tag."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A database, a table of it, or a column of the table. A tuple, because there is one for every column."""

    database: str
    table: str = ""
    column: str = ""

    def __str__(self) -> str:
        return ".".join(filter(None, self))
