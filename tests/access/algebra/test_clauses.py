"""Whether rows are among others is told by the form of conditions, and never wrongly: SQLite says who is shown."""

from __future__ import annotations

import sqlite3
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.access.algebra.rows import where, within

_ATOMS = st.sampled_from(
    ["a = 1", "b = 1", "a <> 1", "c = 'x OR y'", "c = ')'", "a IS NULL", "b BETWEEN 0 AND 1", "a IN (1, 2)"]
)
CONDITIONS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" OR ".join),
        st.tuples(inner, inner).map(" and ".join),
        inner.map(lambda text: f"({text})"),
        inner.map(lambda text: f"NOT {text}"),
        inner.map(lambda text: f"CASE WHEN {text} THEN a = 1 ELSE b = 1 END"),
    ),
    max_leaves=6,
)
ROWS = tuple(product((None, 0, 1), (None, 1, 5), (None, "x OR y", ")")))


def shown(condition: str) -> set[int]:
    with sqlite3.connect(":memory:") as tables:
        tables.execute("CREATE TABLE t (number, a, b, c)")
        tables.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", [(n, *row) for n, row in enumerate(ROWS)])
        return {number for (number,) in tables.execute(f"SELECT number FROM t WHERE {condition}")}


@given(CONDITIONS, CONDITIONS)
def test_rows_within_others_are_shown_by_those(one: str, other: str) -> None:
    for mine, theirs in ((one, other), (one, f"{one} OR {other}"), (f"({one}) AND ({other})", other)):
        if within(where(mine), where(theirs)):
            assert shown(mine) <= shown(theirs), (mine, theirs)


@given(_ATOMS, _ATOMS, _ATOMS)
def test_an_or_gives_only_more_rows_and_an_and_only_fewer(one: str, other: str, third: str) -> None:
    assert within(where(one), where(f"{other} OR ({one})"))
    assert within(where(f"({other}) AND {one} AND ({third})"), where(f"({one})")) or "BETWEEN" in f"{one}{other}{third}"


@pytest.mark.parametrize("text", ["(a = 1", "a = 1) OR (b = 1", "a = 'x", "", "OR", "a = 1 OR", "()"])
def test_what_is_no_condition_is_within_itself_only(text: str) -> None:
    assert within(where(text), where(text))
    assert not within(where("z = 9"), where(text)) or not text
