"""Lists of columns that one principal holds on a table: each a row of its own, or all in one (`lists-of-columns`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reconciler.sandbox.services.lakeformation.grants import Row
from reconciler.sandbox.services.lakeformation.resources import Columns, Resource, anchors

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.store import Store


def kept_as(lf: Store, grantor: str, principal: str, piece: Resource) -> Resource:
    """The resource under which a grant is kept: where lists are one, the union with the list that is there."""
    there = _there(lf, grantor, principal, piece)
    if there is None or not isinstance(piece, Columns) or there.resource == piece:
        return piece
    assert isinstance(there.resource, Columns)
    union = _union(there.resource, piece)
    if union != there.resource:
        _move(lf, there, union)
    return union


def held_in(lf: Store, grantor: str, principal: str, piece: Resource) -> Row | None:
    """The row that a revocation names: where lists are one, the one that has some of its columns."""
    there = _there(lf, grantor, principal, piece)
    if there is None or not isinstance(piece, Columns) or not isinstance(there.resource, Columns):
        return lf.grants.row(grantor, principal, piece)
    return there if _left(there.resource, piece) != there.resource else None


def cut(lf: Store, row: Row, piece: Resource) -> bool:
    """Leave of a list what a revocation does not name; False if nothing is left of it, and the row is to go."""
    if not isinstance(piece, Columns) or not isinstance(row.resource, Columns) or row.resource == piece:
        return False
    left = _left(row.resource, piece)
    if left is None:
        return False
    _move(lf, row, left)
    return True


def _there(lf: Store, grantor: str, principal: str, piece: Resource) -> Row | None:
    if lf.world.beliefs["lists-of-columns"] == "apart" or not isinstance(piece, Columns) or piece.whole:
        return None
    rows = lf.grants.held((principal,), anchors(piece)[0])
    mine = (row for row in rows if row.grantor == grantor and row.condition is None)
    return next((row for row in mine if _is_list(row.resource, piece)), None)


def _is_list(found: Resource, piece: Columns) -> bool:
    same = isinstance(found, Columns) and not found.whole and found.table == piece.table
    return same and isinstance(found, Columns) and (found.include is None) == (piece.include is None)


def _union(there: Columns, more: Columns) -> Columns:
    if there.include is not None and more.include is not None:
        return replace(there, include=tuple(sorted({*there.include, *more.include})))
    return replace(there, exclude=tuple(sorted(set(there.exclude) & set(more.exclude))))


def _left(there: Columns, gone: Columns) -> Columns | None:
    """A list without some columns; an exclude list goes as a whole, as nobody knows what a part of it would be."""
    if there.include is None or gone.include is None:
        return None if there == gone else there
    left = tuple(column for column in there.include if column not in gone.include)
    return replace(there, include=left) if left else None


def _move(lf: Store, row: Row, to: Columns) -> None:
    """The same row on another list."""
    lf.grants.drop(row)
    made = lf.grants.grant(row.grantor, row.principal, to, row.permissions, row.grantable, at=lf.world.now(), by=row.by)
    made.share, made.implicit, made.holder = row.share, row.implicit, row.holder
