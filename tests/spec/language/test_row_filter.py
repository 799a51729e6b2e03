"""Row filters: the columns that a condition speaks of, and what is no condition."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.spec.language.row_filter import NotAFilter, columns


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("credit_risk = 1", ["credit_risk"]),
        ("Amount >= 10.5 AND NOT (status IN ('a', 'b''c'))", ["amount", "status"]),
        ("\"order\" <> 3 or name like 'A%'", ["order", "name"]),
        ("day BETWEEN DATE '2026-01-01' AND DATE '2026-02-01'", ["day"]),
        ("x IS NOT NULL and y = true", ["x", "y"]),
        ("", []),
    ],
)
def test_columns_of_a_condition(text: str, names: list[str]) -> None:
    assert list(columns(text)) == names


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("lower(name) = 'a'", "function lower"),
        ("name = 'a", "close the quote"),
        ("a = 1; drop table x", "cannot be read from `;"),
        ("(a = 1", "not closed"),
        ("a = 1)", "not opened"),
        ("a = " + "1" * 2048, "at most 2,047"),
    ],
)
def test_what_is_no_condition_is_told(text: str, why: str) -> None:
    with pytest.raises(NotAFilter, match=why):
        list(columns(text))


@given(st.text(max_size=100))
def test_no_text_crashes_the_reader_of_conditions(text: str) -> None:
    names: list[str] = []
    with contextlib.suppress(NotAFilter):
        names = list(columns(text))
    assert all(name and name == name.lower() for name in names)
