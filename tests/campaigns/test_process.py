"""A process that was killed for real, over HTTP, at any of its writes, is taken up by the next one."""

from __future__ import annotations

from argparse import Namespace

import pytest

from tests.campaigns.process import SCENES, rows


@pytest.mark.soak
@pytest.mark.parametrize("scene", SCENES)
def test_every_kill_of_a_process(scene: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESHFORM_ACCEPT", "")
    assert [row.wrong for row in rows(Namespace(scene=[scene], every=1, before=False, start=1, known=()))] == [[]]
