"""What the verdict says of a schema change is what readers see, before and after, in every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from reconciler.sandbox import sandbox
from tests.access.lake import Lake
from tests.access.shifting import play
from tests.estate import CENTRAL
from tests.sandbox.files import FORMATS

TESTED, SOAKED = 100, 2_000


def played(seeds: Iterable[int]) -> Counter[str]:
    """What was in the changes of these seeds, none of which may disagree."""
    features: Counter[str] = Counter()
    disagreements: list[str] = []
    with sandbox() as aws:
        lake = Lake(aws, read={CENTRAL})
        for seed in seeds:
            found = play(lake, seed)
            disagreements += found.disagreements
            features.update((found.form, *found.kinds, *(["moved"] if found.moved else [])))
    assert not disagreements, "\n".join(disagreements)
    return features


def test_verdict_and_values_agree() -> None:
    features = played(range(TESTED))
    assert {*FORMATS, "swap", "put in", "append", "remove", "rename", "read otherwise", "moved"} == features.keys()


@pytest.mark.soak
def test_verdict_and_values_agree_for_long() -> None:
    features = played(range(TESTED, TESTED + SOAKED))
    assert all(features[form] > SOAKED / 50 for form in FORMATS), features
