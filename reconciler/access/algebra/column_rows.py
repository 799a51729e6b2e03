"""ColumnRows: which columns of a table, and for each of them which rows."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.access.algebra.rows import ALL_ROWS, Rows, both, either, text

ColumnRows = tuple[tuple[Rows, int], ...]
"""Rows with the columns (bit n for column n) in which they are readable. No column is in two of the masks."""

NO_COLUMNS: ColumnRows = ()


def whole(columns: int) -> ColumnRows:
    """All rows of these columns."""
    return ((ALL_ROWS, columns),) if columns else NO_COLUMNS


def some(rows: Rows, columns: int) -> ColumnRows:
    """Some rows of these columns."""
    return ((rows, columns),) if columns else NO_COLUMNS


def mask(column_rows: ColumnRows) -> int:
    """The columns of which anything is readable."""
    found = 0
    for _, columns in column_rows:
        found |= columns
    return found


def join(one: ColumnRows, other: ColumnRows) -> ColumnRows:
    """What is readable by one or by the other: column by column the OR of the rows.

    https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html
    """
    if not one or one == other:
        return other
    if not other:
        return one
    if len(one) == len(other) == 1 and one[0][0] == other[0][0]:
        return ((one[0][0], one[0][1] | other[0][1]),)
    mine, theirs = mask(one), mask(other)
    parts = [(rows, columns & ~theirs) for rows, columns in one] + [(rows, columns & ~mine) for rows, columns in other]
    parts += [(either(left, right), a & b) for left, a in one for right, b in other]
    return _canonical(parts)


def meet(one: ColumnRows, other: ColumnRows) -> ColumnRows:
    """What is readable by both: the common columns, and of each the rows that both allow.

    https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html
    """
    if not one or not other:
        return NO_COLUMNS
    return _canonical([(both(left, right), a & b) for left, a in one for right, b in other])


def each(column_rows: ColumnRows, columns: tuple[str, ...]) -> Iterator[tuple[str, Rows]]:
    """Every readable column with its rows, in the order of the table."""
    for number, name in enumerate(columns):
        for rows, chosen in column_rows:
            if chosen >> number & 1:
                yield name, rows


def _canonical(parts: list[tuple[Rows, int]]) -> ColumnRows:
    """Equal rows together, in a fixed order."""
    merged: dict[Rows, int] = {}
    for rows, columns in parts:
        if columns:
            merged[rows] = merged.get(rows, 0) | columns
    if len(merged) < 2:
        return tuple(merged.items())
    return tuple(sorted(merged.items(), key=lambda part: text(part[0]) or ""))
