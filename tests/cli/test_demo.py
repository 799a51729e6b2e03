"""The whole story of the demo, as people read it; in a module of its own, since it opens a sandbox itself."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Run
from tests.cli.snapshot import snapshot


@pytest.mark.slow
def test_demo(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot("demo", run, monkeypatch, "demo")
