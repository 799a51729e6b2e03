"""Taken files: a table that comes to where another had its files shows the values of that one under its own labels."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.access.differences.sensitivity import rank, sensitivities
from reconciler.access.evaluation.evaluate import Access
from reconciler.access.state.files_index import folder
from reconciler.access.state.table_view import TableView
from reconciler.kinds.glue.column_identity import Layout, is_read_otherwise, sources

Values = tuple[str, str | None, int]
"""Whose values a column shows, how they were classified there, and the rank of that."""
Taken = dict[int, Values]
"""By number of the column: values of another table that are more sensitive there than the column's own label says."""


def taken_files(before: Access, view: TableView) -> Taken:
    """What a table that was not there, or had its files elsewhere, shows of the tables that had these files before."""
    old = before.tables.get(view.id)
    if old is not None and folder(old.files) == folder(view.files):
        return {}
    found: Taken = {}
    order = before.directory.sensitivity_order
    own = dict(sensitivities(before.directory, view, view.signature.all))
    for other in before.files.overlapping(view.files):
        if other.id == view.id:
            continue
        labels = dict(sensitivities(before.directory, other, other.signature.all))
        for number, source in _shown(other.layout, view.layout):
            label = labels.get(other.columns[source])
            is_key = source >= other.layout.data
            worse = rank(order, label, is_key=is_key)
            now = rank(order, own.get(view.columns[number]), is_key=number >= view.layout.data)
            if worse > max(now, found[number][2] if number in found else 0):
                found[number] = (f"{other.id}.{other.columns[source]}", label, worse)
    return found


def _shown(other: Layout, here: Layout) -> Iterator[tuple[int, int]]:
    """Columns of `here` with columns of `other` whose values they may show; any with any, if the lines are cut anew."""
    if is_read_otherwise(other, here):
        yield from ((number, source) for number in range(len(here.columns)) for source in range(len(other.columns)))
        return
    for way in sources(other, here):
        yield from ((number, source) for number, source in enumerate(way) if source is not None)
