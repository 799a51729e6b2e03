"""However AWS fails, and in whatever two ways at once, what is said is true, and the next run converges."""

from __future__ import annotations

from argparse import Namespace

import pytest

from tests.campaigns.faults import FAULTS, rows


@pytest.mark.soak
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_and_every_other_one_with_it(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESHFORM_ACCEPT", "")
    for row in rows(Namespace(scene=None, only=[fault], every=1, start=1)):
        assert row.wrong == [], row.scene
