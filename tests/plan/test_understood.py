"""What cannot be judged of what AWS has is a gap, and the rest of it is judged."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import MeshformError
from reconciler.model.address import Address, Placement
from reconciler.model.resource import Observation, Resource, Snapshot
from reconciler.plan.understood import understood

PLACES = [Placement("111111111111", region) for region in ("eu-west-1", "us-east-1")]
READINGS = [(kind, place) for kind in ("one", "other", "third") for place in PLACES]


def seen() -> Observation:
    """Two things in each reading."""
    return Observation(
        Snapshot([Resource(Address(kind, place, name), name) for kind, place in READINGS for name in ("x", "y")])
    )


def failing_over(odd: set[tuple[str, Placement]]) -> Callable[[Observation], Observation]:
    """A judge that understands none of these readings."""

    def judge(given: Observation) -> Observation:
        for each in given.found.values():
            if (each.address.kind, each.address.placement) in odd:
                raise ValueError(f"{each.address}")
        return given

    return judge


@given(st.sets(st.sampled_from(READINGS)))
def test_exactly_what_it_fails_over_is_a_gap(odd: set[tuple[str, Placement]]) -> None:
    judged = understood(failing_over(odd), seen())
    assert {(gap.kind, gap.placement) for gap in judged.gaps} == odd
    left = {(each.address.kind, each.address.placement) for each in judged.found.values()}
    assert left == set(READINGS) - odd
    assert all("please report it: ValueError: " in gap.reason for gap in judged.gaps)


@given(st.sets(st.sampled_from(READINGS), min_size=2))
def test_what_fails_only_together_costs_one_of_them(odd: set[tuple[str, Placement]]) -> None:
    def judge(given: Observation) -> Observation:
        assert not odd <= {(each.address.kind, each.address.placement) for each in given.found.values()}
        return given

    (gap,) = understood(judge, seen()).gaps
    assert (gap.kind, gap.placement) in odd


def test_a_bug_that_nothing_in_aws_is_the_cause_of_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        understood(lambda _: 1 / 0, seen())


def test_what_is_expected_is_raised_as_it_is() -> None:
    def judge(_: Observation) -> None:
        raise MeshformError("The mesh does not fit.")

    with pytest.raises(MeshformError, match="does not fit"):
        understood(judge, seen())
