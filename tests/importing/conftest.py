"""Imports of one simulated AWS read the same things again and again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.sandbox import Sandbox
from tests.remembered import remembered


@pytest.fixture(scope="module")
def world(world: Sandbox) -> Iterator[Sandbox]:
    """What was told is asked again only where it may have changed since."""
    with remembered(world):
        yield world
