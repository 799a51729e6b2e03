"""However a run is stopped, at whichever write: exit code, screen, outcome, journal and lock tell what AWS has seen."""

from __future__ import annotations

from argparse import Namespace

import pytest

from tests.campaigns.ends import ENDS, TRANSITIONS, rows


@pytest.mark.soak
@pytest.mark.parametrize("scene", TRANSITIONS)
@pytest.mark.parametrize("end", ENDS)
def test_every_end_of_a_transition(scene: str, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESHFORM_ACCEPT", "")
    assert [row.wrong for row in rows(Namespace(scene=[scene], only=[end], every=1, start=1, known=()))] == [[]]
