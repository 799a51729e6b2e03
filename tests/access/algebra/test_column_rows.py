"""Columns with their rows, joined and met: of every pair over three columns what each column's own rows come to."""

from __future__ import annotations

from itertools import product

import pytest

from reconciler.access.algebra.column_rows import ColumnRows, each, join, mask, meet, some, whole
from reconciler.access.algebra.rows import ALL_ROWS, Rows, both, either, text, where

NAMES = ("a", "b", "c")
ROWS = (None, ALL_ROWS, where("p"), where("q"))
EVERY = [*product(ROWS, repeat=len(NAMES))]
"""What may be readable of each column: nothing, everything, some rows, others."""


def of(columns: tuple[Rows | None, ...]) -> ColumnRows:
    """The same put together column by column."""
    found: dict[Rows, int] = {}
    for number, rows in enumerate(columns):
        if rows is not None:
            found[rows] = found.get(rows, 0) | 1 << number
    return tuple(sorted(found.items(), key=lambda part: text(part[0]) or ""))


@pytest.mark.parametrize("first", ROWS)
def test_what_is_joined_and_met_is_so_column_by_column(first: Rows | None) -> None:
    for one, other in product(EVERY, EVERY):
        if one[0] is not first:
            continue
        pairs = [*zip(one, other, strict=True)]
        assert join(of(one), of(other)) == of(
            tuple(left if right is None else right if left is None else either(left, right) for left, right in pairs)
        )
        assert meet(of(one), of(other)) == of(
            tuple(None if left is None or right is None else both(left, right) for left, right in pairs)
        )


@pytest.mark.parametrize("columns", EVERY)
def test_a_column_is_told_with_its_rows_in_the_order_of_the_table(columns: tuple[Rows | None, ...]) -> None:
    found = of(columns)
    assert [*each(found, NAMES)] == [
        (name, rows) for name, rows in zip(NAMES, columns, strict=True) if rows is not None
    ]
    assert mask(found) == sum(1 << number for number, rows in enumerate(columns) if rows is not None)


def test_no_columns_are_nothing() -> None:
    assert (whole(0), some(where("p"), 0)) == ((), ())
    assert (whole(3), some(where("p"), 3)) == (((ALL_ROWS, 3),), ((where("p"), 3),))
