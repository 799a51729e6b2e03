"""What grants come to together: the least that is sure, and the most that is possible, each by itself."""

from __future__ import annotations

from functools import reduce

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.access.algebra.column_rows import ColumnRows, some
from reconciler.access.algebra.effective_grant import NOTHING, EffectiveGrant, common, perhaps, plus
from reconciler.access.algebra.permissions import DESCRIBE, INSERT, SELECT
from reconciler.access.algebra.rows import where

KINDS = tuple(map(frozenset, ((), ("p",), ("q",), ("p", "q"))))
Sides = tuple[int, frozenset[tuple[int, frozenset[str]]]]
CERTAIN = st.builds(
    lambda rights, condition, columns: EffectiveGrant(
        DESCRIBE | rights | (SELECT if columns else 0), some(where(condition), columns)
    ),
    st.sampled_from([0, INSERT, SELECT]),
    st.sampled_from(["", "p", "q"]),
    st.integers(0, 7),
)
GRANT = st.lists(st.tuples(CERTAIN, st.sampled_from(["", "", "a doubt", "another"])), max_size=3).map(
    lambda parts: reduce(plus, (perhaps(each, frozenset({why} if why else ())) for each, why in parts), NOTHING)
)


def said(permissions: int, column_rows: ColumnRows) -> Sides:
    """Permissions, and cells."""
    cells = (
        (number, kind)
        for rows, columns in column_rows
        for number in range(3)
        if columns >> number & 1
        for kind in KINDS
        if any(clause <= kind for clause in rows)
    )
    return permissions, frozenset(cells)


def sides(grant: EffectiveGrant) -> tuple[Sides, Sides]:
    """At least, and at most."""
    return said(*grant[:2]), said(*grant.most)


def met(one: Sides, other: Sides) -> Sides:
    rights, cells = one[0] & other[0], one[1] & other[1]
    return (rights if cells or not (one[1] or other[1]) else rights & ~SELECT), cells


@settings(max_examples=60)
@given(GRANT, GRANT)
def test_the_least_and_the_most_of_two_are_worked_out_apart(one: EffectiveGrant, other: EffectiveGrant) -> None:
    for (a, b), together, apart in zip(
        zip(sides(one), sides(other), strict=True), sides(plus(one, other)), sides(common(one, other)), strict=True
    ):
        assert together == (a[0] | b[0], a[1] | b[1])
        if NOTHING not in (one, other) and one != other:
            assert apart == met(a, b)
    assert common(one, NOTHING) is common(NOTHING, one) is NOTHING
    assert plus(one, NOTHING) is plus(NOTHING, one) is one


@settings(max_examples=40)
@given(GRANT, st.sets(st.sampled_from(["a doubt", "why"])))
def test_under_a_doubt_nothing_is_sure_and_everything_possible(grant: EffectiveGrant, doubts: set[str]) -> None:
    found = perhaps(grant, frozenset(doubts))
    if not doubts or grant is NOTHING:
        assert found is grant
        return
    assert sides(found) == ((0, frozenset()), sides(grant)[1])
    assert found.reasons == grant.reasons | doubts


@settings(max_examples=60)
@given(GRANT, GRANT)
def test_reasons_are_there_exactly_where_more_is_possible(one: EffectiveGrant, other: EffectiveGrant) -> None:
    for found in (plus(one, other), common(one, other)):
        least, most = found[:2], found.most
        assert (found.beyond is not None) == (least != most)
        assert bool(found.reasons) == (least != most)
        assert found.reasons <= one.reasons | other.reasons
    assert plus(one, other) == plus(other, one)
