"""The evaluator and the sandbox's enforcement are written apart from each other; here each checks the other.

Worlds are random (accounts, tags on three levels, overlapping grants, filters, shares accepted or not, links or not,
hybrid mode and opt-ins), made by plain boto3 calls, and observed by the product's own kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from reconciler.sandbox import sandbox
from tests.access.agreement import disagreements, listed, queried
from tests.access.lake import PRINCIPALS, Lake
from tests.access.worlds import make

WORLDS, SOAKED = 300, 10_000


@pytest.fixture(scope="module")
def lake() -> Iterator[Lake]:
    """Accounts, roles and files; each world begins with empty catalogs."""
    with sandbox() as aws:
        yield Lake(aws)


def told(lake: Lake, seeds: Iterable[int]) -> Iterator[str]:
    """Every disagreement in the worlds of these seeds. One pair in thirty is asked by a real query."""
    for seed in seeds:
        made = make(lake, seed)
        access = lake.observed()
        yield from (f"seed {seed}: {each}" for each in disagreements(lake, made, access))
        for number, (place, principal) in enumerate((each, who) for each in made.tables for who in PRINCIPALS):
            if (seed + number) % 4 == 0:
                yield from (f"seed {seed}: listing: {each}" for each in listed(lake, access, principal, place))
            if (seed + number) % 30 == 0:
                found = queried(lake, made, access, principal, place)
                yield from (f"seed {seed}: query: {each}" for each in found)


@pytest.mark.parametrize("part", range(6))
def test_the_evaluator_agrees_with_the_sandbox_in_random_worlds(lake: Lake, part: int) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lake-formation-permissions.html"""
    assert list(told(lake, range(part, WORLDS, 6))) == []


@pytest.mark.soak
def test_the_evaluator_agrees_with_the_sandbox_in_ten_thousand_worlds(lake: Lake) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lake-formation-permissions.html"""
    assert list(told(lake, range(WORLDS, WORLDS + SOAKED))) == []


def test_the_worlds_are_worth_asking_about(lake: Lake) -> None:
    """Each verdict, readers with all, some and no columns, and conditions on rows turn up in the first worlds."""
    seen: set[tuple[str, str]] = set()
    for seed in range(40):
        made, access = make(lake, seed), lake.observed()
        for place in made.tables:
            for principal in PRINCIPALS:
                found = access.on(principal, place)
                width = (
                    "none" if not found.cells else "all" if len(found.columns) == len(made.tables[place]) else "some"
                )
                seen.add(
                    (found.verdict, "rows" if any(rows != {frozenset()} for rows in found.columns.values()) else width)
                )
    assert {("enforced", each) for each in ("none", "some", "all", "rows")} <= seen
    assert {verdict for verdict, _ in seen} == {"enforced", "open", "unknown"}
