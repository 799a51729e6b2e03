"""A run that was killed at any of its writes is taken up by the next one, and harms nobody until then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.sandbox import Sandbox
from tests.campaigns.crashes import play
from tests.campaigns.rows import stage
from tests.campaigns.scenes import scenes


@pytest.fixture(scope="module")
def aws() -> Iterator[Sandbox]:
    with stage() as opened:
        yield opened


def test_two_kills_of_a_change(aws: Sandbox) -> None:
    """After the first write, and between the last grant and the notice of it."""
    assert play(scenes()["a clearance is widened"], aws, every=2).wrong == []
