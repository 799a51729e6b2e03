"""A mesh is read from a commit as it would be from the folder at that time."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from reconciler.errors import MeshformError
from reconciler.model.finding import Finding
from reconciler.spec.load import load
from reconciler.spec.yaml.commit import commit_sources
from reconciler.spec.yaml.source import Source, folder_sources
from tests.spec.small import FILES

TODAY = date(2026, 11, 22)
QUIET = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def git(repository: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=repository, env=QUIET, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "README").write_text("nothing yet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    git(tmp_path, "tag", "before")
    for path, text in FILES.items():
        (tmp_path / "mesh" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mesh" / path).write_text(text)
    (tmp_path / "mesh" / "big.yaml").write_bytes(b"#" * (2**20 + 1))
    (tmp_path / "mesh" / "link.yaml").symlink_to("/etc/passwd")
    (tmp_path / "mesh" / "zürich.yaml").write_text("a: 1")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "second")
    return tmp_path


def test_a_commit_gives_what_the_folder_gave(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)
    assert list(commit_sources(repository, "HEAD", "mesh")) == sorted(
        folder_sources("mesh"), key=lambda each: isinstance(each, Source)
    )
    (repository / "mesh" / "mesh.yaml").write_text("changed: later")
    assert load(commit_sources(".", "HEAD", "mesh/"), TODAY) != load(folder_sources("mesh"), TODAY)


def test_a_link_and_a_large_file_are_findings(repository: Path) -> None:
    found = [each for each in commit_sources(repository, "HEAD", "mesh") if isinstance(each, Finding)]
    assert [(str(each.origin), each.rule) for each in found] == [
        ("mesh/big.yaml:1:1", "file-too-large"),
        ("mesh/link.yaml:1:1", "symbolic-link"),
    ]


def test_a_folder_that_did_not_exist_yet_gives_nothing(repository: Path) -> None:
    assert list(commit_sources(repository, "before", "mesh")) == []


@pytest.mark.parametrize("ref", ["nowhere", "--help", "-x", "HEAD:mesh", ""])
def test_what_is_no_commit_is_one_paragraph(repository: Path, ref: str) -> None:
    with pytest.raises(MeshformError, match="cannot be read from git"):
        list(commit_sources(repository, ref, "mesh"))


def test_a_folder_without_git_is_one_paragraph(tmp_path: Path) -> None:
    with pytest.raises(MeshformError, match="cannot be read from git"):
        list(commit_sources(tmp_path, "HEAD", "mesh"))
