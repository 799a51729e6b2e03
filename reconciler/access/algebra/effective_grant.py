"""EffectiveGrant: what somebody has on a table from one source, and what each form of grant contributes to it."""

from __future__ import annotations

from typing import NamedTuple

from reconciler.access.algebra.column_rows import NO_COLUMNS, ColumnRows, join, meet, some, whole
from reconciler.access.algebra.permissions import DESCRIBE, ON_SOME_COLUMNS, ON_VIEW, SELECT
from reconciler.access.algebra.rows import ALL_ROWS, Rows
from reconciler.access.algebra.tag_signature import Match, TagSignature


class EffectiveGrant(NamedTuple):
    """Permissions (bits), columns with their rows, and the reasons for which there may be more than that."""

    permissions: int = 0
    column_rows: ColumnRows = NO_COLUMNS
    reasons: frozenset[str] = frozenset()


NOTHING = EffectiveGrant()


def plus(one: EffectiveGrant, other: EffectiveGrant) -> EffectiveGrant:
    """Grants add up.

    https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-metadata.html
    """
    if one is NOTHING:
        return other
    if other is NOTHING:
        return one
    return EffectiveGrant(
        one.permissions | other.permissions, join(one.column_rows, other.column_rows), one.reasons | other.reasons
    )


def common(scope: EffectiveGrant, local: EffectiveGrant) -> EffectiveGrant:
    """What an account received and also passed on: permissions, columns and rows that are in both.

    https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html
    """
    reasons: frozenset[str] = frozenset()
    # An uncertainty of one of them matters only if the other may have something.
    if local is not NOTHING and scope is not NOTHING:
        reasons = scope.reasons | local.reasons
    permissions, column_rows = scope.permissions & local.permissions, meet(scope.column_rows, local.column_rows)
    if not column_rows and (scope.column_rows or local.column_rows):
        # SELECT on columns that the two have not in common is no SELECT.
        permissions &= ~SELECT
    return EffectiveGrant(permissions, column_rows, reasons)


def on_table(held: int, signature: TagSignature) -> EffectiveGrant:
    """A grant on the table as a whole, or on all tables. SELECT is every column.

    https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
    """
    if signature.is_view:
        held &= ON_VIEW
    return EffectiveGrant(held, whole(signature.all) if held & SELECT else NO_COLUMNS)


def on_columns(columns: int, signature: TagSignature, rows: Rows = ALL_ROWS) -> EffectiveGrant:
    """SELECT on some columns, perhaps on some rows only. Partition keys cannot be held back.

    https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html
    """
    return EffectiveGrant(SELECT | DESCRIBE, some(rows, columns & signature.data | signature.keys))


def on_match(held: int, found: Match, signature: TagSignature) -> EffectiveGrant:
    """A tag policy on tables. All columns match: as on the table. Some: only reading is left, and only of those.

    None: if the table's own tags match it can be seen, but nothing of it is readable (not documented; the least).
    https://docs.aws.amazon.com/lake-formation/latest/dg/lf-tag-considerations.html
    """
    matching = found.columns & signature.data
    if matching and matching == signature.data:
        return on_table(held, signature)
    if matching:
        readable = whole(matching | signature.keys) if held & SELECT else NO_COLUMNS
        return EffectiveGrant(held & ON_SOME_COLUMNS, readable)
    return EffectiveGrant(DESCRIBE) if found.table else NOTHING
