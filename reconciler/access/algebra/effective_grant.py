"""EffectiveGrant: what somebody has on a table from one source, and what each form of grant contributes to it."""

from __future__ import annotations

from typing import NamedTuple

from reconciler.access.algebra.column_rows import NO_COLUMNS, ColumnRows, join, meet, some, whole
from reconciler.access.algebra.permissions import DESCRIBE, ON_SOME_COLUMNS, ON_VIEW, SELECT
from reconciler.access.algebra.rows import ALL_ROWS, Rows
from reconciler.access.algebra.tag_signature import Match, TagSignature


class EffectiveGrant(NamedTuple):
    """Permissions (bits) and columns with their rows that are certain, and the reasons for which there may be more.

    `beyond` is the most that it may come to, as far as that is known; None where nothing is beyond what is certain.
    """

    permissions: int = 0
    column_rows: ColumnRows = NO_COLUMNS
    reasons: frozenset[str] = frozenset()
    beyond: tuple[int, ColumnRows] | None = None

    @property
    def most(self) -> tuple[int, ColumnRows]:
        """What it comes to if everything that is uncertain holds."""
        return self.beyond if self.beyond is not None else self[:2]


NOTHING = EffectiveGrant()


def perhaps(grant: EffectiveGrant, reasons: frozenset[str]) -> EffectiveGrant:
    """Nothing for certain; what was granted only if the reasons do not stand against it."""
    if grant is NOTHING or not reasons:
        return grant
    return EffectiveGrant(0, NO_COLUMNS, grant.reasons | reasons, grant.most)


def plus(one: EffectiveGrant, other: EffectiveGrant) -> EffectiveGrant:
    """Grants add up.

    https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-metadata.html
    """
    if one is NOTHING:
        return other
    if other is NOTHING:
        return one
    permissions, column_rows = one.permissions | other.permissions, join(one.column_rows, other.column_rows)
    beyond = None
    if one.beyond is not None or other.beyond is not None:
        (mine, my_columns), (theirs, their_columns) = one.most, other.most
        beyond = mine | theirs, join(my_columns, their_columns)
    return _settled(permissions, column_rows, one.reasons | other.reasons, beyond)


def common(scope: EffectiveGrant, local: EffectiveGrant) -> EffectiveGrant:
    """What an account received and also passed on: permissions, columns and rows that are in both.

    https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html
    """
    # What is uncertain of one of them matters only if the other may have something.
    if local is NOTHING or scope is NOTHING:
        return NOTHING
    if scope == local:
        return local
    beyond = None
    if scope.beyond is not None or local.beyond is not None:
        beyond = _common(scope.most, local.most)
    return _settled(*_common(scope[:2], local[:2]), scope.reasons | local.reasons, beyond)


def _settled(
    permissions: int, column_rows: ColumnRows, reasons: frozenset[str], beyond: tuple[int, ColumnRows] | None
) -> EffectiveGrant:
    """Without reasons for more where there cannot be more."""
    if beyond is None or beyond == (permissions, column_rows):
        return EffectiveGrant(permissions, column_rows)
    return EffectiveGrant(permissions, column_rows, reasons, beyond)


def _common(scope: tuple[int, ColumnRows], local: tuple[int, ColumnRows]) -> tuple[int, ColumnRows]:
    permissions, column_rows = scope[0] & local[0], meet(scope[1], local[1])
    if not column_rows and (scope[1] or local[1]):
        # SELECT on columns that the two have not in common is no SELECT.
        permissions &= ~SELECT
    return permissions, column_rows


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
