"""Holding: what somebody has on a table from one side, and what each sort of grant contributes to it."""

from __future__ import annotations

from typing import NamedTuple

from reconciler.access.algebra.column_rows import NO_CELLS, Cells, join, meet, some, whole
from reconciler.access.algebra.permissions import DESCRIBE, ON_SOME_COLUMNS, ON_VIEW, SELECT
from reconciler.access.algebra.rows import ALL_ROWS, Rows
from reconciler.access.algebra.tag_signature import Match, Shape


class Holding(NamedTuple):
    """Permissions (bits), cells, and the reasons for which there may be more than that."""

    permissions: int = 0
    cells: Cells = NO_CELLS
    reasons: frozenset[str] = frozenset()


NOTHING = Holding()


def plus(one: Holding, other: Holding) -> Holding:
    """Grants add up.

    https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-metadata.html
    """
    if one is NOTHING:
        return other
    if other is NOTHING:
        return one
    return Holding(one.permissions | other.permissions, join(one.cells, other.cells), one.reasons | other.reasons)


def common(scope: Holding, local: Holding) -> Holding:
    """What an account received and also passed on: permissions, columns and rows that are in both.

    https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html
    """
    reasons: frozenset[str] = frozenset()
    # A doubt on one side matters only if the other side may have something.
    if local is not NOTHING and scope is not NOTHING:
        reasons = scope.reasons | local.reasons
    permissions, cells = scope.permissions & local.permissions, meet(scope.cells, local.cells)
    if not cells and (scope.cells or local.cells):
        # SELECT on columns that the two have not in common is no SELECT.
        permissions &= ~SELECT
    return Holding(permissions, cells, reasons)


def on_table(held: int, shape: Shape) -> Holding:
    """A grant on the table as a whole, or on all tables. SELECT is every column.

    https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
    """
    if shape.is_view:
        held &= ON_VIEW
    return Holding(held, whole(shape.all) if held & SELECT else NO_CELLS)


def on_columns(columns: int, shape: Shape, rows: Rows = ALL_ROWS) -> Holding:
    """SELECT on some columns, perhaps on some rows only. Partition keys cannot be held back.

    https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html
    """
    return Holding(SELECT | DESCRIBE, some(rows, columns & shape.data | shape.keys))


def on_match(held: int, found: Match, shape: Shape) -> Holding:
    """A tag policy on tables. All columns match: as on the table. Some: only reading is left, and only of those.

    None: if the table's own tags match it can be seen, but nothing of it is readable (not documented; the least).
    https://docs.aws.amazon.com/lake-formation/latest/dg/lf-tag-considerations.html
    """
    matching = found.columns & shape.data
    if matching and matching == shape.data:
        return on_table(held, shape)
    if matching:
        readable = whole(matching | shape.keys) if held & SELECT else NO_CELLS
        return Holding(held & ON_SOME_COLUMNS, readable)
    return Holding(DESCRIBE) if found.table else NOTHING
