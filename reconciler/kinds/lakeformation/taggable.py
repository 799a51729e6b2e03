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


def above(place: Place) -> tuple[Place, ...]:
    """The places from which one inherits tags: of a column its table and database, of a table its database."""
    return tuple(Place(*place[:length]) for length in range(1, len([*filter(None, place)])))
