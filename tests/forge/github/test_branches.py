"""Branches: what is proposed is there once, also where an answer is lost on the way."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.forge.github.branches import propose
from reconciler.forge.github.client import Client
from reconciler.forge.protocol import NewProposal
from tests.forge.served import Fault
from tests.forge.standin import GitHub


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=ada", "-c", "user.email=ada@example.com")
    return subprocess.run(["git", "-C", folder, *who, *words], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("path", ["/git/trees", "/git/commits", "/git/refs?", "/pulls"])
@pytest.mark.parametrize("status", [0, 502])
def test_each_answer_may_be_lost(method: str, path: str, status: int, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "old").write_text("old")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    with GitHub(git=str(tmp_path)).served() as github:
        client = Client(github.repository, github.token, github.url, sleep=lambda _: None, backoff=0)
        github.faults = [Fault(method, f"{path}(/|$)", status)] if (method, path) != ("GET", "/git/trees") else []
        proposal = NewProposal("main", "more", {"new": "new", "old": None}, "Add", "Why")
        url, new = propose(client, proposal)
        (pull,) = github.records.pulls_in("open")
        assert (pull["html_url"], new) == (url, True)
        assert github.faults == []
        again = replace(client)
        assert propose(again, proposal) == (url, False)
    assert git(tmp_path, "ls-tree", "--name-only", "more").split() == ["new"]
