"""The whole story of the demo, as people read it; in a module of its own, since it opens a sandbox itself."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.demo import story
from reconciler.sandbox import Sandbox
from tests.cli.conftest import Run
from tests.cli.snapshot import snapshot

REQUESTS = 563
"""What it asks of AWS: nearly all of its time, but for its imports. More than a tenth more is a decision."""


@pytest.mark.slow
def test_demo(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    play = story.play

    def counted(aws: Sandbox, *others: Any) -> None:
        play(aws, *others)
        asked.append(len(aws.calls.as_json()))

    monkeypatch.setattr(story, "play", counted)
    snapshot("demo", run, monkeypatch, "demo")
    assert asked[0] < 1.1 * REQUESTS
