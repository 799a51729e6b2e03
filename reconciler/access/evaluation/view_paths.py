"""Views as ways to the tables behind them: who reads a view of a definer reads what the definer lets it show.

Rows and columns that a filter or a tag keeps from a reader of the table are not kept from him in such a view, and a row
filter of a table does not hold in a view of Athena either.
https://docs.aws.amazon.com/lake-formation/latest/dg/views-notes.html
https://docs.aws.amazon.com/athena/latest/ug/lf-athena-limitations.html
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.access.evaluation.evaluate import Access
from reconciler.access.state.table_view import TableId
from reconciler.access.state.view_text import ViewText, view_text
from reconciler.kinds import addresses
from reconciler.kinds.glue.table import Table
from reconciler.model.address import Placement

Shown = tuple[str, TableId, tuple[str, ...], str, bool]
"""A principal, a table behind a view, columns of it, why in a sentence, and whether that is certain."""


def shown_by_views(access: Access) -> Iterator[Shown]:
    """What readers of definers' views see of the tables behind them."""
    for resource in access.state.snapshot.of(Table):
        spec, catalog = resource.spec, resource.address.placement.account
        view = TableId(catalog, spec.database, spec.table)
        if not spec.is_view or view not in access.tables:
            continue
        said = view_text(spec.rest, spec.database)
        if said.rights != "definer":
            continue
        behind = [place for each in said.tables if (place := TableId(catalog, *each)) in access.tables]
        for reader in access.readers(view) if behind else ():
            if not reader.column_rows or ":" not in reader.principal:
                continue
            for place in behind:
                columns = said.shown(access.tables[place].columns)
                why = (
                    f"it may read the view {view}, which reads them with the rights of {said.definer or 'its definer'}"
                )
                yield reader.principal, place, columns, why, said.columns is not None


def view_sentence(access: Access, view: TableId) -> str:
    """What a view shows, in a sentence; empty where nothing was read of it."""
    placement = Placement(view.catalog, access.tables[view].region)
    found = access.state.snapshot.get(addresses.table(placement, view.database, view.table))
    if found is None or not found.spec.rest:
        return ""
    return _sentence(access, view, view_text(found.spec.rest, found.spec.database))


def _sentence(access: Access, view: TableId, said: ViewText) -> str:
    parts = []
    for database, table in said.tables:
        known = access.tables.get(TableId(view.catalog, database, table))
        names = said.shown(known.columns) if known is not None else ()
        what = "columns" if said.columns is None or known is None else ", ".join(names) or "no column"
        parts.append(f"{what} of {database}.{table}")
    shows = "; ".join(parts) or "something, what is not known"
    match said.rights:
        case "reader":
            return f"{view} is a view of Athena: it shows {shows}, to those who may read that there too"
        case "definer":
            return f"{view} is a view that shows {shows}, with the rights of {said.definer or 'its definer'}"
        case _:
            return f"{view} is a view; what it shows, and with whose rights, is not known"
