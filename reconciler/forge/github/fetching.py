"""Fetching a pull request's files as objects of git: they can be read, but nothing of them lies in a folder."""

from __future__ import annotations

import base64
import os
import subprocess
from pathlib import Path

from reconciler.errors import MeshformError
from reconciler.forge.protocol import PullRequest


def merge_commit(folder: Path, pull: PullRequest, remote: str = "origin") -> str:
    """The commit that merging a pull request would make, fetched into the repository around `folder`.

    Its first parent is the base. Raises MeshformError where GitHub has made none (a conflict), or where it is not of
    the head that was asked for: somebody pushed in between, and a new run follows.
    """
    fetch(folder, f"refs/pull/{pull.number}/merge", "--depth=2", remote=remote)
    commit = _git(folder, "rev-parse", "--verify", "FETCH_HEAD^{commit}")
    if _git(folder, "rev-parse", "--verify", f"{commit}^2") != pull.head:
        raise MeshformError(f"Pull request {pull.number} has moved on since this run began; the next run comments it.")
    return commit


def fetch(folder: Path, ref: str, *options: str, remote: str = "origin") -> None:
    """Bring a ref into the repository around `folder`, as FETCH_HEAD."""
    _git(folder, "fetch", "--quiet", "--no-tags", *options, remote, ref)


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False, env=_environment()
    )
    if done.returncode != 0:
        raise MeshformError(f"git {arguments[0]} failed: {done.stderr.strip() or done.returncode}")
    return done.stdout.strip()


def _environment() -> dict[str, str]:
    """Git's settings with the token, for the host of GitHub alone; never among the arguments, which all can see."""
    token, server = os.environ.get("GITHUB_TOKEN"), os.environ.get("GITHUB_SERVER_URL", "https://github.com")
    settings = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    if token and server.startswith("https://"):
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        settings |= {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{server.rstrip('/')}/.extraheader",
            "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {basic}",
        }
    return settings
