"""The stand-in for GitHub, and a client that talks to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.forge.github.client import Client
from tests.forge.standin import GitHub


@pytest.fixture
def github() -> Iterator[GitHub]:
    """A repository at GitHub, empty."""
    with GitHub().served() as standin:
        yield standin


@pytest.fixture
def client(github: GitHub) -> Client:
    """A client that does not really wait."""
    return Client(github.repository, github.token, github.url, sleep=lambda _: None)
