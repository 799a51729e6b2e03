"""Soak plays every row of every campaign, each once."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from tests.campaigns import ends, process
from tests.campaigns.scenes import scenes
from tests.campaigns.soak import parts


def test_every_scene_is_played_once() -> None:
    played = Counter((name, scene) for name, *words in parts() for scene in _scenes(words))
    wanted = {"crashes": [*scenes()], "process": [*process.SCENES], "ends": [*ends.TRANSITIONS], "faults": [""]}
    assert played == Counter((name, scene) for name, each in wanted.items() for scene in each)


def test_kills_are_tried_before_each_write_too() -> None:
    assert all("--before" in words for name, *words in parts() if name in ("crashes", "process"))


def _scenes(words: list[str]) -> list[str]:
    """What follows `--scene`; one without a name where all are played."""
    return [name for word, name in pairwise(words) if word == "--scene"] or [""]
