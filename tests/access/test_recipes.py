"""What the verdict says of a change of a recipe is what readers see after its next run, in every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from reconciler.sandbox import sandbox
from tests.access.lake import Lake
from tests.access.recipes import FORMS, KINDS, brewer, play
from tests.estate import CENTRAL

TESTED, SOAKED = 30, 1_000


def played(seeds: Iterable[int]) -> Counter[str]:
    """What was in the changes of these seeds, none of which may disagree."""
    features: Counter[str] = Counter()
    disagreements: list[str] = []
    with sandbox() as aws:
        lake = Lake(aws, read={CENTRAL})
        brewer(lake)
        for seed in seeds:
            found = play(lake, seed)
            disagreements += found.disagreements
            features.update((found.form, found.kind, *(["moved"] if found.moved else [])))
    assert not disagreements, "\n".join(disagreements)
    return features


def test_verdict_and_values_agree() -> None:
    assert played(range(TESTED)).keys() == {*FORMS, *KINDS, "moved"}


@pytest.mark.soak
def test_verdict_and_values_agree_for_long() -> None:
    features = played(range(TESTED, TESTED + SOAKED))
    assert all(features[each] > SOAKED / 20 for each in (*FORMS, *KINDS)), features
