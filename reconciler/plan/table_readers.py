"""Who reads which columns of a table, today or by the documents, for findings that have to name them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from functools import cached_property

from reconciler.access import Access, TableId, evaluate, principal_directory
from reconciler.access.facts.attribution import attribution
from reconciler.model.resource import Observation, Resource
from reconciler.plan.review import Review

NAMED = 5
"""So many readers are named; of more the first, and how many there are."""
_COLUMNS = 6
"""So many columns of a table are named."""


class TableReaders:
    """The readers in what was found, or `by_documents`. Nothing is evaluated before somebody is asked for."""

    def __init__(self, reviewed: Review, *, by_documents: bool = False) -> None:
        self._reviewed = reviewed
        self._by_documents = by_documents

    @cached_property
    def _access(self) -> Access | None:
        found = Observation(self._reviewed.wanted) if self._by_documents else self._reviewed.observation
        return None if found is None else evaluate(found, principal_directory(self._reviewed.mesh))

    def of(self, table: Resource[object], column: str = "", but: Container[str] = ()) -> tuple[str, ...]:
        """The labels of those who read a column of a table, or anything of it; Meshform's own roles are none.

        but  types of principals that do not count, either
        """
        access = self._access
        database, _, name = table.address.name.partition(".")
        place = TableId(table.address.placement.account, database, name)
        if access is None or place not in access.tables:
            return ()
        kind = attribution(self._reviewed.mesh).principal_type
        types = ((each, kind(each.principal)) for each in access.readers(place))
        readers = (each for each, its in types if its != "machinery" and its not in but)
        held = (each for each in readers if (column in each.columns if column else each.column_rows))
        return tuple(sorted({access.directory.label(each.principal) for each in held}))

    def sentence(self, table: Resource[object], column: str = "") -> str:
        """Who reads it, in a sentence that follows what is said of the column."""
        names = self.of(table, column)
        if not names:
            return "No subscription reads it." if self._by_documents else "Nobody reads it today."
        return f"It is read by {listed(names)}."


def listed(names: Iterable[str]) -> str:
    """Some names in a sentence: `a, b and c`, or the first of them and how many more."""
    every = list(names)
    if len(every) > NAMED:
        return f"{', '.join(every[: NAMED - 1])} and {len(every) - NAMED + 1} more"
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} and {every[-1]}"


def columns_of(place: TableId, columns: Sequence[str]) -> str:
    """Columns of a table in a sentence: `2 columns of cards.card (age, amount)`."""
    more = f" and {len(columns) - _COLUMNS} more" if len(columns) > _COLUMNS else ""
    count = f"{len(columns)} column{'' if len(columns) == 1 else 's'}"
    return f"{count} of {place} ({', '.join(columns[:_COLUMNS])}{more})"
