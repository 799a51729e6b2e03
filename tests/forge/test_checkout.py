"""What git says of a folder: commit, branch, author, and what nobody has committed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reconciler.errors import MeshformError
from reconciler.forge import here
from reconciler.forge.checkout import checkout


@pytest.fixture
def mesh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a mesh of two files, one of them with a name that git would quote."""
    for name in ("GITHUB_SHA", "GITHUB_ACTOR", "GITHUB_REF_NAME"):
        monkeypatch.delenv(name, raising=False)
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "config", "user.email", "ada@example.com")
    git(tmp_path, "config", "user.name", "Ada")
    folder = tmp_path / "mesh"
    folder.mkdir()
    (folder / "a b ä.yaml").write_text("one")
    (folder / "b.yaml").write_text("two")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "first")
    return folder


def git(where: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(where), *arguments], check=True, capture_output=True, text=True).stdout


def test_a_clean_folder_has_its_commit_and_nothing_changed(mesh: Path) -> None:
    (mesh.parent / "elsewhere.yaml").write_text("not of the mesh")
    (mesh / ".b.yaml.swp").write_text("an editor's")
    job = here.job(str(mesh))
    assert (job.commit, job.branch, job.actor) == (git(mesh, "rev-parse", "HEAD").strip(), "main", "ada@example.com")
    assert job.uncommitted == ()


def test_what_is_edited_new_moved_or_gone_is_told(mesh: Path) -> None:
    (mesh / "a b ä.yaml").write_text("other")
    (mesh / "new.yaml").write_text("new")
    git(mesh, "mv", "b.yaml", "c.yaml")
    assert here.job(str(mesh)).uncommitted == ("mesh/a b ä.yaml", "mesh/c.yaml", "mesh/new.yaml")
    git(mesh, "reset", "--hard", "--quiet")
    (mesh / "b.yaml").unlink()
    assert here.job(str(mesh)).uncommitted == ("mesh/b.yaml", "mesh/new.yaml")


def test_without_git_nothing_is_known(tmp_path: Path) -> None:
    assert checkout(str(tmp_path)) is None
    git(tmp_path, "init", "--quiet")
    assert checkout(str(tmp_path)) is None


def test_a_detached_head_is_on_no_branch(mesh: Path) -> None:
    git(mesh, "checkout", "--quiet", "--detach")
    found = checkout(str(mesh))
    assert found is not None
    assert found.branch is None


def test_apply_refuses_what_is_not_committed(mesh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from click.testing import CliRunner

    from reconciler.cli.apply import command

    (mesh / "b.yaml").write_text("other")
    ended = CliRunner().invoke(command, ["--mesh", str(mesh), "--auto-approve"])
    assert isinstance(ended.exception, MeshformError)
    assert "mesh/b.yaml is not as committed" in str(ended.exception)
