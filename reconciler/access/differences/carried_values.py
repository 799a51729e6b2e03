"""Carried values: what was readable of a table, told in the columns that show the same values in another state of it.

Where a column is its place, a column put in before others moves the values of those under other names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from reconciler.access.algebra.column_rows import ColumnRows
from reconciler.access.algebra.rows import ALL_ROWS, Rows
from reconciler.access.state.table_view import TableView
from reconciler.kinds.glue.column_identity import Layout, Sources, is_read_otherwise, sources

#: A text in quotes, or a name that does not follow a dot.
_WORD = re.compile(r"'(?:[^']|'')*'|(?<![\w.])[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Carried:
    """One way in which the values of a table's columns may stand in another state of it.

    sources  for each column the number of the column of the other state with the same values
    renamed  name in the other state → name of the column that shows its values here, where they differ
    """

    sources: Sources
    renamed: tuple[tuple[str, str], ...]

    def columns(self, mask: int) -> int:
        """Columns of the other state (bits) as the columns that show their values here."""
        return sum(
            1 << number for number, source in enumerate(self.sources) if source is not None and mask >> source & 1
        )

    def rows(self, rows: Rows) -> Rows:
        """Conditions of the other state in the names that the same values have here."""
        if not self.renamed or rows == ALL_ROWS:
            return rows
        names = dict(self.renamed)
        return frozenset(
            frozenset(_WORD.sub(lambda word: names.get(word[0].lower(), word[0]), text) for text in clause)
            for clause in rows
        )

    def all(self, column_rows: ColumnRows) -> ColumnRows:
        """What was readable in the other state, here."""
        return tuple((self.rows(rows), self.columns(columns)) for rows, columns in column_rows)


@lru_cache(maxsize=4096)
def carried(other: Layout, here: Layout) -> tuple[Carried, ...]:
    """The ways in which values of one state may stand in another; more than one where the format leaves it open."""
    return tuple(Carried(each, tuple(_renamed(each, other, here))) for each in sources(other, here))


def is_uncertain(other: TableView, here: TableView) -> bool:
    """Whether nobody can say which values stand in which column: files are read otherwise, or the way is open."""
    if other.layout == here.layout:
        return False
    return is_read_otherwise(other.layout, here.layout) or len(carried(other.layout, here.layout)) > 1


def moved(other: TableView, here: TableView) -> dict[int, int]:
    """Columns of `here` that show the values of a column that has another name in `other`, by number."""
    if other.layout == here.layout:
        return {}
    return {
        number: source
        for way in carried(other.layout, here.layout)
        for number, source in enumerate(way.sources)
        if source is not None and other.columns[source] != here.columns[number]
    }


def _renamed(each: Sources, other: Layout, here: Layout) -> Iterator[tuple[str, str]]:
    """What conditions say of a column that only one state has is marked, so that it equals nothing of the other."""
    names = {other.columns[source]: here.columns[number] for number, source in enumerate(each) if source is not None}
    for name in dict.fromkeys((*other.columns, *here.columns)):
        now = names.get(name, f"{name} as it was")
        if now != name:
            yield name, now
