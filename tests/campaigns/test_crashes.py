"""A run that was killed at any of its writes is taken up by the next one, and harms nobody until then."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from reconciler.sandbox import Sandbox
from tests.campaigns.crashes import play
from tests.campaigns.rows import stage
from tests.campaigns.scenes import scenes
from tests.estate import ROOT


@pytest.fixture(scope="module")
def aws() -> Iterator[Sandbox]:
    with stage() as opened:
        yield opened


def test_two_kills_of_a_change(aws: Sandbox) -> None:
    """After the first write, and between the last grant and the notice of it."""
    assert play(scenes()["a clearance is widened"], aws, every=2).wrong == []


def test_a_campaign_needs_no_pytest() -> None:
    """`make soak` starts them as commands: whatever the tests set up for all of them is not there."""
    asked = [sys.executable, "-m", "tests.campaigns.crashes", "--scene", "a column is classified higher"]
    ended = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (
        0,
        "a column is classified higher: 1 writes, 1 trials, 0 did not hold\n",
    ), ended.stderr
