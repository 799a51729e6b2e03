"""How large a pattern becomes: nothing in it is counted less often than it may be repeated."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.policy.pattern import HARMLESS, instructions

atoms = st.sampled_from(("a", "é", "[a-z]", "[^a]", ".", "\\d", "\\pL", "(?i)b", "[[:alpha:]]", "\\{", "[{9}]", "[]a]"))
patterns = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("(?:{0[0]}|{0[1]})".format),
        st.tuples(inner, st.integers(1, 9), st.integers(0, 9)).map(
            lambda each: f"({each[0]}){{{each[1]},{each[1] + each[2]}}}"
        ),
        inner.map("({0})*".format),
    ),
    max_leaves=6,
)


@settings(max_examples=100)
@given(patterns, st.integers(1, 50))
def test_what_is_repeated_counts_as_often(pattern: str, times: int) -> None:
    once = instructions(f"({pattern})")
    for repeated in (f"({pattern}){{{times}}}", f"({pattern}){{0,{times}}}", f"({pattern}){{{times},}}"):
        assert instructions(repeated) >= times * (once - 10)
    assert instructions(f"({pattern}){{{times}}}{pattern}") >= times * (once - 10)


@settings(max_examples=100)
@given(patterns, patterns)
def test_one_after_another_counts_both(left: str, right: str) -> None:
    assert instructions(left + right) >= max(instructions(left), instructions(right))


@given(st.text("ab*+?|.^$", max_size=30), st.text("ab0,*+?|.^$", max_size=30))
def test_what_is_harmless_adds_its_length_at_most(left: str, right: str) -> None:
    """A text of which only the length is known, and that is called plain."""
    assert HARMLESS.fullmatch(left)
    assert HARMLESS.fullmatch(right)
    assert instructions(left) <= 10 + 20 * len(left)


@pytest.mark.parametrize("half", ["a{10", "(a", "[a", "\\", "{", "a}", ")"])
def test_half_of_a_repetition_is_not_harmless(half: str) -> None:
    assert not HARMLESS.fullmatch(half)


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [
        ("((a{0,30}){0,30})c", 30 * 30, 10_000),
        ("(?i)(email|iban|phone|birth)", 25, 100),
        ("^arn:aws:iam::[0-9]{12}:role/.*$", 30, 500),
        ("\\pL{100}", 100_000, 1_000_000),
        ("x{2,", 4, 30),
        ("{3}", 1, 50),
        (")))(((", 1, 50),
    ],
)
def test_known_ones(pattern: str, least: int, most: int) -> None:
    assert least <= instructions(pattern) <= most
