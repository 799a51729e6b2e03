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
    """The rank of the most sensitive of the columns (bits); `values` their sensitivities, if any."""
    order, known = directory.sensitivity_order, {value for _, value in values}
    ranks = [rank(order, value, is_key=False) for value in known]
    classified = {name for name, _ in values}
    if not classified.issuperset(table_view.names(columns & table_view.signature.data)):
        ranks.append(rank(order, None, is_key=False))
    return max(ranks, default=0)


def rank(order: tuple[str, ...], value: str | None, *, is_key: bool) -> int:
    """How sensitive a column is with a value, from 1. What is not classified, or not in the order, is the worst.

    Partition keys are not classified in a mesh, so they count only where somebody did.
    """
    if value is None and is_key:
        return 0
    return order.index(value) + 1 if value in order else len(order) + 1
