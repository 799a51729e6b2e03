"""Sensitivity: how much harm a column can do, from its effective tags."""

from __future__ import annotations

from reconciler.access.state.principal_directory import PrincipalDirectory
from reconciler.access.state.table_view import TableView

Sensitivities = tuple[tuple[str, str], ...]
"""Columns with their value of the sensitivity key; a column without one is not in it."""


def sensitivities(directory: PrincipalDirectory, table_view: TableView, columns: int) -> Sensitivities:
    """The sensitivity of those of the columns (bits) that have one, in the order of the table."""
    values = table_view.signature.values(directory.sensitivity_key) if columns else ()
    return tuple(
        (name, value)
        for number, (name, value) in enumerate(zip(table_view.columns, values, strict=False))
        if value is not None and columns >> number & 1
    )


def rank_of(directory: PrincipalDirectory, table_view: TableView, columns: int, values: Sensitivities) -> int:
    """The rank of the most sensitive of the columns (bits). What is not classified, or not in the order, is the worst.

    Partition keys are not classified in a mesh, so they count only where somebody did.
    """
    worst = len(directory.sensitivity_order) + 1
    classified = {name for name, _ in values}
    if not classified.issuperset(table_view.names(columns & table_view.signature.data)):
        return worst
    order = {value: rank for rank, value in enumerate(directory.sensitivity_order, 1)}
    return max((order.get(value, worst) for _, value in values), default=0)
