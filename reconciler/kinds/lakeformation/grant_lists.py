"""Lists of columns: the rows of AWS's that are one atom of ours, joined and taken apart."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.lakeformation import Grant, OnColumns, Target


def joined(one: Grant, other: Grant) -> Grant:
    """Two rows of one atom: the grant option of either, the columns of both."""
    target = one.target
    if isinstance(target, OnColumns) and isinstance(other.target, OnColumns):
        mine, theirs = set(target.columns), set(other.target.columns)
        # Two include lists open both; two exclude lists keep shut what both keep shut.
        both = tuple(sorted(mine & theirs if target.excluded else mine | theirs))
        lists = (*(target.lists or (target.columns,)), *(other.target.lists or (other.target.columns,)))
        target = replace(target, columns=both, lists=tuple(dict.fromkeys(lists)))
    if target is one.target and one.grantable >= other.grantable:
        return one
    return replace(one, target=target, grantable=one.grantable or other.grantable)


def lists(grant: Grant) -> tuple[Grant, ...]:
    """A grant as the rows by which AWS keeps it: one, or one for each list of columns."""
    target = grant.target
    if not isinstance(target, OnColumns) or not target.lists:
        return (grant,)
    return tuple(replace(grant, target=replace(target, columns=columns, lists=())) for columns in target.lists)


def within(row: Target, whole: Target) -> bool:
    """Whether a row of columns opens nothing beyond the whole."""
    assert isinstance(row, OnColumns)
    assert isinstance(whole, OnColumns)
    if row.excluded:
        return row.columns == whole.columns
    return set(row.columns) <= set(whole.columns)
