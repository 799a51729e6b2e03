"""Whatever the estate: the plan after the import is empty, everything is accounted for, and nothing is wider."""

from __future__ import annotations

import os

import pytest

from tests.estate import Estate
from tests.importing.random_estates import RandomEstate, hold_on

FEW, MANY = 30, int(os.environ.get("ESTATES", "100"))
SEEDS = (*range(FEW), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(FEW, MANY)))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_laws_hold_on_a_random_estate(estate: Estate, seed: int) -> None:
    random = RandomEstate(estate, seed)
    random.build()
    assert random.built > 40
    hold_on(random)
