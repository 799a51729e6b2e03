"""The evaluator and the sandbox's enforcement are written apart from each other; here each checks the other.

Worlds are random (accounts, tags on three levels, overlapping grants, filters, views, shares accepted or not, links or
not, organizations, hybrid mode and opt-ins), made by plain boto3 calls, and observed by the product's own kinds.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.sandbox import sandbox
from tests.access.coverage import PAIR, WORLD
from tests.access.lake import Lake
from tests.access.soak import Soaked, soaked

WORLDS, SOAKED, PARTS = 300, 10_000, 10
SELDOM = (114, 141, 144, 150, 164, 173, 190, 193, 197, 204, 232, 241, 245, 248, 254, 258, 273, 286)
"""Worlds in which what is seldom turns up; chosen from the 300 by what was counted in each."""
FEW = (*range(61), *SELDOM)
"""The worlds of every run of the tests; all 300 are soak's."""


@pytest.fixture(scope="module")
def lake() -> Iterator[Lake]:
    """Accounts, roles and files; each world begins with empty catalogs."""
    with sandbox() as aws:
        yield Lake(aws)


@pytest.fixture(scope="module")
def short(lake: Lake) -> Soaked:
    """Some worlds."""
    return soaked(lake, FEW)


def test_the_evaluator_agrees_with_the_sandbox_in_random_worlds(short: Soaked) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lake-formation-permissions.html"""
    assert short.disagreements == []


def test_the_worlds_are_worth_asking_about(short: Soaked) -> None:
    """Everything that access depends on turns up in at least three worlds, every sort of answer in at least ten."""
    assert {name: short.seen[name] for name in WORLD if short.seen[name] < 3} == {}
    assert {name: short.seen[name] for name in PAIR if short.seen[name] < 10} == {}
    assert short.seen.keys() <= {*WORLD, *PAIR}
    assert short.queries >= 40
    assert short.listings >= 200


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_the_evaluator_agrees_with_the_sandbox_in_ten_thousand_worlds(lake: Lake, part: int) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lake-formation-permissions.html"""
    found = soaked(lake, range(part, WORLDS + SOAKED, PARTS))
    assert (found.worlds, found.disagreements) == ((WORLDS + SOAKED) // PARTS, [])
    assert {name for name in (*WORLD, *PAIR) if not found.seen[name]} == set()
