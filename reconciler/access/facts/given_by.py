"""Given by: the subscriptions that give what an entry of a difference is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.access.algebra.rows import Rows
from reconciler.access.differences.access_entry import AccessEntry
from reconciler.access.evaluation.grant_paths import Use, paths
from reconciler.access.facts.attribution import Attribution, attribution
from reconciler.access.state.grant_index import Given
from reconciler.access.state.table_view import TableView
from reconciler.spec.mesh import Mesh

_BY_NO_GRANT = ("opened", "path")


def subscriptions_of(entry: AccessEntry, mesh: Mesh) -> frozenset[frozenset[str]]:
    """Sets of subscriptions: of each set any one alone gives its part, and without all of them the part is gone.

    A part is a column with its rows; rows that only several grants give together are a part for each of them.
    """
    return frozenset(names for part in _parts(entry, attribution(mesh)) if (names := frozenset(part)))


def _parts(entry: AccessEntry, known: Attribution) -> Iterator[Iterable[str]]:
    view = entry.source.tables.get(entry.place)
    if entry.change == "rights":
        yield _asking(known, entry.given)
    elif view is not None and entry.change not in _BY_NO_GRANT:
        ways = paths(entry.source, entry.principal, view, view.mask(entry.columns))
        uses = [use for way in ways for use in way.given]
        if entry.columns and entry.change in ("columns", "rows"):
            for column in entry.columns:
                yield from _of_column(known, uses, view, column, entry.rows)
        else:
            right = [use for use in uses if use.given.spec.permission in entry.permissions]
            yield _asking(known, (use.given for use in right or uses))


def _of_column(
    known: Attribution, uses: Iterable[Use], view: TableView, column: str, rows: Rows
) -> Iterator[Iterable[str]]:
    bit = view.mask([column])
    its = [
        (known.giving(use.given.address, view.id.table, column), given == rows)
        for use in uses
        for given, columns in use.held.column_rows
        if columns & bit
    ]
    if any(is_whole for _, is_whole in its):
        yield (name for names, is_whole in its if is_whole for name in names)
    else:
        yield from (names for names, _ in its)


def _asking(known: Attribution, every: Iterable[Given]) -> Iterable[str]:
    return (name for given in every for name in known.subscriptions.get(given.address, ()))
