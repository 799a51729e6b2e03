"""Remaining: totals always, a guess only once there is something to judge by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.report.remaining import remaining


@pytest.mark.parametrize(
    ("done", "total", "seconds", "said"),
    [
        (1, 96, 2.0, "1 of 96"),
        (12, 96, 6.0, "12 of 96, about 42 s left"),
        (10, 1000, 20.0, "10 of 1000, about 33 min left"),
        (96, 96, 9.0, "96 of 96"),
        (5, 5, 9.0, "5 of 5"),
    ],
)
def test_what_is_said(done: int, total: int, seconds: float, said: str) -> None:
    assert remaining(done, total, seconds) == said


@given(st.integers(5, 999), st.integers(1, 500), st.floats(0.01, 3600))
def test_half_way_as_long_again(done: int, more: int, seconds: float) -> None:
    """What is left takes as long for each piece as what was done."""
    words = remaining(done, done + more, seconds).split()
    left = float(words[4]) * (60 if words[5] == "min" else 1)
    assert abs(left - seconds / done * more) <= (30 if words[5] == "min" else 0.5) + 1e-9
