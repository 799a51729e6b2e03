"""What a fact says of its column: the effective tags, and how sensitive that is."""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict

from reconciler.access.algebra.tag_signature import TagSet
from reconciler.access.differences.sensitivity import rank
from reconciler.access.state.principal_directory import PrincipalDirectory
from reconciler.access.state.table_view import TableView


class Label(TypedDict):
    """The fields of a fact that are about its column's tags."""

    labels: tuple[tuple[str, str], ...]
    sensitivity: str
    rank: int


def label_of(directory: PrincipalDirectory, view: TableView, number: int) -> Label:
    """The tags of a column by its number. Nobody may change it: all columns that have the same ones share it."""
    is_key = bool(view.signature.keys >> number & 1)
    return _label(view.signature.tags(number), is_key, directory.sensitivity_key, directory.sensitivity_order)


@lru_cache(maxsize=10_000)
def _label(tags: TagSet, is_key: bool, key: str, order: tuple[str, ...]) -> Label:
    value = dict(tags).get(key)
    return Label(labels=tags, sensitivity=value or "", rank=rank(order, value, is_key=is_key))
