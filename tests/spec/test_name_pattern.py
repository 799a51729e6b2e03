"""Two patterns fit one name, or one fits a name, as a search through all short names finds."""

from __future__ import annotations

import re
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.spec.name_pattern import both_fit

NAMES = ["".join(signs) for length in range(7) for signs in product("ab", repeat=length)]
PATTERNS = st.text("ab*", max_size=3)


def fits(pattern: str, name: str) -> bool:
    return re.fullmatch(pattern.replace("*", ".*"), name) is not None


@settings(max_examples=200)
@given(one=PATTERNS, other=PATTERNS)
def test_two_patterns_fit_one_name_if_there_is_such_a_name(one: str, other: str) -> None:
    assert both_fit(one, other) == any(fits(one, name) and fits(other, name) for name in NAMES)


@settings(max_examples=200)
@given(pattern=PATTERNS, name=st.sampled_from(NAMES))
def test_a_pattern_fits_a_name(pattern: str, name: str) -> None:
    assert both_fit(pattern, name) == fits(pattern, name) == both_fit(name, pattern)
