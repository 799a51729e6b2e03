"""Fetching a pull request's files as objects of git: they can be read, but nothing of them lies in a folder."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from reconciler.errors import MeshformError
from reconciler.forge.protocol import PullRequest

_SECRET = re.compile(r"//[^/@\s]*@")
"""What a runner of GitLab puts into the address of the repository: who, and his token."""


def merge_commit(folder: Path, pull: PullRequest, ref: str, settings: Mapping[str, str]) -> str:
    """The commit that merging a pull request would make, by the ref at which the forge has it, fetched into the
    repository around `folder`.

    Its first parent is the base. Raises MeshformError where the forge has made none (a conflict), or where it is not of
    the head that was asked for: somebody pushed in between, and a new run follows.
    """
    fetch(folder, ref, settings, "--depth=2")
    commit = _git(folder, {}, "rev-parse", "--verify", "FETCH_HEAD^{commit}")
    if _git(folder, {}, "rev-parse", "--verify", f"{commit}^2") != pull.head:
        raise MeshformError(f"Pull request {pull.number} has moved on since this run began; the next run comments it.")
    return commit


def fetch(folder: Path, ref: str, settings: Mapping[str, str], *options: str) -> None:
    """Bring a ref of `origin` into the repository around `folder`, as FETCH_HEAD. `settings` go to git by its
    environment, never by its arguments, which all can see."""
    _git(folder, settings, "fetch", "--quiet", "--no-tags", *options, "origin", ref)


def _git(folder: Path, settings: Mapping[str, str], *arguments: str) -> str:
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", **settings}
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode != 0:
        said = _SECRET.sub("//", done.stderr.strip())
        raise MeshformError(f"git {arguments[0]} failed: {said or done.returncode}")
    return done.stdout.strip()
