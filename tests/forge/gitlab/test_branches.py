"""What we propose: one commit on one branch, one merge request, and nothing where it is there already."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.forge.errors import Forbidden
from reconciler.forge.gitlab.branches import propose
from reconciler.forge.gitlab.client import Client
from reconciler.forge.protocol import NewProposal
from tests.forge.gitlab.standin import GitLab
from tests.forge.served import Fault

BRANCH = "meshform/expire"


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=ada", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", "-C", str(folder), *who, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def gitlab(tmp_path: Path) -> Iterator[GitLab]:
    """A project with a repository: files a and b."""
    git(tmp_path, "init", "--quiet")
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(f"{name}\n")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "One")
    with GitLab(git=str(tmp_path)).served() as standin:
        standin.role = "developer"
        yield standin


def proposed(client: Client, files: dict[str, str | None]) -> tuple[str, bool]:
    return propose(client, NewProposal("main", BRANCH, files, "Change", "Why\n/merge"))


def test_files_are_made_changed_and_deleted_in_one_commit(gitlab: GitLab, client: Client, tmp_path: Path) -> None:
    url, is_new = proposed(client, {"a.yaml": None, "b.yaml": "new\n", "c/d.yaml": "made\n", "gone.yaml": None})
    assert is_new
    assert git(tmp_path, "ls-tree", "-r", "--name-only", BRANCH).split() == ["b.yaml", "c/d.yaml"]
    assert git(tmp_path, "show", f"{BRANCH}:c/d.yaml") == "made"
    assert git(tmp_path, "rev-parse", f"{BRANCH}^") == git(tmp_path, "rev-parse", "main")
    (request,) = gitlab.records.merge_requests.values()
    assert (request["web_url"], request["description"]) == (url, "Why\n\u200b/merge")


def test_what_is_there_already_is_left_and_so_are_its_approvals(gitlab: GitLab, client: Client, tmp_path: Path) -> None:
    files: dict[str, str | None] = {"a.yaml": None, "b.yaml": "new\n"}
    url, _ = proposed(client, files)
    head = git(tmp_path, "rev-parse", BRANCH)
    assert proposed(client, files) == (url, False)
    assert git(tmp_path, "rev-parse", BRANCH) == head


@pytest.mark.parametrize("moved", ["main", "own"])
def test_what_others_have_pushed_meanwhile_is_not_kept(
    gitlab: GitLab, client: Client, tmp_path: Path, moved: str
) -> None:
    files: dict[str, str | None] = {"a.yaml": "new\n"}
    proposed(client, files)
    git(tmp_path, "checkout", "--quiet", "main" if moved == "main" else BRANCH)
    (tmp_path / "e.yaml").write_text("e\n")
    git(tmp_path, "add", "--all")
    amend = ("--amend",) if moved == "own" else ()
    git(tmp_path, "commit", "--quiet", "--message", "Two", *amend)
    git(tmp_path, "checkout", "--quiet", "--detach")
    assert not proposed(client, files)[1]
    changed = git(tmp_path, "diff", "--name-only", "main", BRANCH)
    assert (changed, git(tmp_path, "rev-parse", f"{BRANCH}^")) == ("a.yaml", git(tmp_path, "rev-parse", "main"))


def test_a_token_that_only_comments_cannot_propose(gitlab: GitLab, client: Client) -> None:
    gitlab.role = "reporter"
    with pytest.raises(Forbidden, match="role or a scope"):
        proposed(client, {"a.yaml": "new\n"})


@pytest.mark.parametrize("status", [0, 502])
@pytest.mark.parametrize("path", ["/repository/commits", "/merge_requests"])
def test_each_answer_may_be_lost(gitlab: GitLab, client: Client, tmp_path: Path, path: str, status: int) -> None:
    gitlab.faults = [Fault("POST", path, status)]
    files: dict[str, str | None] = {"a.yaml": "new\n"}
    url, is_new = proposed(replace(client, backoff=0), files)
    (request,) = gitlab.records.merge_requests.values()
    assert (request["web_url"], is_new, gitlab.faults) == (url, True, [])
    assert proposed(client, files) == (url, False)
