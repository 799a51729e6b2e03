"""What grants contribute: filters whose columns are gone."""

from __future__ import annotations

import pytest

from reconciler.access import difference
from tests.access.building import ANN, access, by_filter, columns, everything, give, on, row_filter, seen, table


@pytest.mark.parametrize("rows", ["z = 1", "a = 1 OR z IN (1, 2)", "z.part IS NULL", "\"z\" LIKE 'x'", "NOT (Z = 1)"])
def test_a_filter_that_asks_for_a_column_that_is_gone_is_may(rows: str) -> None:
    """No page says what is read then: nothing, an error, or rows past the condition."""
    parts = [table(), row_filter("f", rows, "a", "b"), give(ANN, by_filter("f"))]
    found = on(ANN, *parts)
    assert (found.verdict, seen(found)) == ("unknown", {})
    assert dict(found.possible) == {name: frozenset({frozenset()}) for name in "ab"}
    assert "asks for z, which db.t does not have any more" in found.reasons[0]
    also = on(ANN, *parts, give(ANN, columns("a")))
    assert seen(also) == everything("a")


@pytest.mark.parametrize("rows", ["a = 1", "a = 'z'", "A = 1", "c IS NOT NULL AND b > 2", "no condition at all =", ""])
def test_a_filter_of_columns_that_are_there_is_as_it_says(rows: str) -> None:
    found = on(ANN, table(), row_filter("f", rows, "a"), give(ANN, by_filter("f")))
    assert (found.verdict, seen(found)) == ("enforced", {"a": rows or None})


def test_taking_away_the_column_of_a_condition_may_open_its_rows() -> None:
    rest = [row_filter("f", "c = 1", "a"), *give(ANN, by_filter("f"))]
    (entry,) = difference(access(table(), *rest), access(table("t", "a b"), *rest)).gained
    assert (entry.change, entry.columns, entry.verdict) == ("unknown", ("a",), "unknown")
