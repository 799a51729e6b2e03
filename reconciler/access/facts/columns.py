"""What a fact says of its column: the effective tags, and how sensitive that is."""

from __future__ import annotations

from typing import TypedDict

from reconciler.access.differences.sensitivity import rank_of
from reconciler.access.state.principal_directory import PrincipalDirectory
from reconciler.access.state.table_view import TableView


class Label(TypedDict):
    """The fields of a fact that are about its column's tags."""

    labels: tuple[tuple[str, str], ...]
    sensitivity: str
    rank: int


def label_of(directory: PrincipalDirectory, view: TableView, number: int) -> Label:
    """The tags of a column by its number."""
    tags = view.signature.tags(number)
    value = dict(tags).get(directory.sensitivity_key, "")
    known = ((view.columns[number], value),) if value else ()
    return Label(labels=tags, sensitivity=value, rank=rank_of(directory, view, 1 << number, known))
