"""Fetching from GitHub: which refs it keeps of a pull request, and the token for git."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from reconciler.forge import fetching
from reconciler.forge.protocol import PullRequest


def merge_commit(folder: Path, pull: PullRequest) -> str:
    """The commit that merging a pull request would make."""
    return fetching.merge_commit(folder, pull, f"refs/pull/{pull.number}/merge", _settings())


def fetch(folder: Path, pull: PullRequest) -> None:
    """Bring the last commit of a pull request into the repository around `folder`."""
    fetching.fetch(folder, f"refs/pull/{pull.number}/head", _settings())


def _settings() -> dict[str, str]:
    """Git's settings with the token, for the host of GitHub alone."""
    token, server = os.environ.get("GITHUB_TOKEN"), os.environ.get("GITHUB_SERVER_URL", "https://github.com")
    if not token or not server.startswith("https://"):
        return {}
    basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{server.rstrip('/')}/.extraheader",
        "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {basic}",
    }
