"""However AWS fails, and in whatever two ways at once, what is said is true, and the next run converges."""

from __future__ import annotations

from argparse import Namespace

import pytest

from tests.campaigns.faults import FAULTS, rows


@pytest.mark.soak
@pytest.mark.parametrize("start", range(1, len(FAULTS) + 1))
def test_each_fault_and_each_pair_of_them(start: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each once: every so manieth of them from another one on."""
    monkeypatch.setenv("MESHFORM_ACCEPT", "")
    for row in rows(Namespace(scene=None, only=None, every=len(FAULTS), start=start, known=())):
        assert row.wrong == [], row.scene
