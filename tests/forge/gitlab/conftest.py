"""The stand-in for GitLab, and a client that talks to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.forge.gitlab.client import Client
from tests.forge.gitlab.standin import GitLab


@pytest.fixture
def gitlab() -> Iterator[GitLab]:
    """A project at GitLab, empty."""
    with GitLab().served() as standin:
        yield standin


@pytest.fixture
def client(gitlab: GitLab) -> Client:
    """A client that does not really wait."""
    return Client(gitlab.repository, gitlab.token, f"{gitlab.url}/api/v4", sleep=lambda _: None)
