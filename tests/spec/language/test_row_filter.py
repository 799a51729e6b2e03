"""Row filters: what a condition compares, and what is no condition."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.spec.language.row_filter import Comparison, NotAFilter, comparisons


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("credit_risk = 1", ["credit_risk = number"]),
        ("Amount >= 10.5 AND NOT (status IN ('a', 'b''c'))", ["amount >= number", "status in text text"]),
        ("\"order\" <> -3 or name not like 'A%'", ["order <> number", "name like text"]),
        ("day BETWEEN '2026-01-01' AND '2026-02-01'", ["day between text text"]),
        ("x IS NOT NULL and y = true", ["x is not null", "y = boolean"]),
        ('(year > 2010 and customer."Id" <> 1e3)', ["year > number", "customer.id <> number"]),
    ],
)
def test_what_a_condition_compares(text: str, names: list[str]) -> None:
    assert [" ".join((each.name, each.operator, *each.constants)) for each in comparisons(text)] == names


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("lower(name) = 'a'", "function lower"),
        ("name = 'a", "close the quote"),
        ("a = 1; drop table x", "cannot be read from `;"),
        ("(a = 1", "not closed"),
        ("a = 1)", "not opened"),
        ("a = " + "1" * 2048, "at most 2,047"),
        ("city == 'Berlin'", "write ="),
        ("1=1", "begins with a column"),
        ("true", "begins with a column"),
        ("active", "compares active with nothing"),
        ("a = b", "no constant"),
        ("a = null", "no constant"),
        ("a is 1", "without NULL"),
        ("a in 1", "brackets"),
        ("a in ()", "no constant"),
        ("a between 1", "without AND"),
        ("a = 1 b = 2", "cannot be read from `b`"),
        ("a = 1 and", "ends where a column"),
        ("day > DATE '2026-01-01'", "no constant"),
        ("", "ends where a column"),
        ("not " * 400 + "a = 1", "in each other"),
        ("(" * 400 + "a = 1" + ")" * 400, "in each other"),
    ],
)
def test_what_is_no_condition_is_told(text: str, why: str) -> None:
    with pytest.raises(NotAFilter, match=why):
        comparisons(text)


@given(st.text(alphabet="ab.\"'()=<>,1 \tANDORNOTISULK", max_size=60) | st.text(max_size=100))
def test_no_text_crashes_the_reader_of_conditions(text: str) -> None:
    found: tuple[Comparison, ...] = ()
    with contextlib.suppress(NotAFilter):
        found = comparisons(text)
    assert all(each.name and each.name == each.name.lower() for each in found)
