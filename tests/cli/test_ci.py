"""ci: what any CI runs on a change; the comment alone on stdout, and an exit code that says what to do."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reconciler.forge.anywhere import TARGETS, target_branch
from tests.cli.conftest import Run, edit
from tests.estate import ROOT

REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"


@pytest.fixture
def change(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A branch that asks for more; its target has gone on since, in another document."""
    for variable in TARGETS:
        monkeypatch.delenv(variable, raising=False)
    git(folder, "init", "-q", "-b", "main")
    (folder.parent / ".github").mkdir()
    (folder.parent / ".github/CODEOWNERS").write_text((ROOT / ".github/CODEOWNERS").read_text())
    commit(folder)
    git(folder, "switch", "-q", "-c", "more")
    edit(folder, REPORT, "sensitivity: [internal]", "sensitivity: [internal, confidential]")
    commit(folder)
    git(folder, "switch", "-q", "main")
    edit(folder, "domains/asset-management/domain.yaml", "description: ", "description: Also ")
    commit(folder)
    git(folder, "update-ref", "refs/remotes/origin/main", "main")
    git(folder, "switch", "-q", "more")
    return folder


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=x", "-c", "user.email=x@x")
    subprocess.run(["git", *who, *words], cwd=folder.parent, check=True)


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "x")


def test_it_tells_what_came_since_the_branches_parted(change: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANGE_TARGET", "main")
    ran = run("ci", "--offline", "--save", "plan.json")
    assert ran.code == 0, ran.err
    assert ran.out.startswith("<!-- meshform comment: mesh -->\n### Mesh bank\n")
    assert "1 subscription changes." in ran.out
    assert "asset-management" not in ran.out.partition("<details>")[0], "what others merged since is not this change"
    assert Path("plan.json").is_file()
    assert run("ci", "--offline", "--detailed-exitcode").code == 2


@pytest.mark.parametrize("forged", ["* @mallory\n", None])
def test_a_codeowners_that_asks_others_is_told_and_not_on_stdout(change: Path, run: Run, forged: str | None) -> None:
    """Also one that no longer says that `meshform owners` made it, and none at all."""
    file = change.parent / ".github/CODEOWNERS"
    file.unlink()
    if forged:
        file.write_text(forged)
    ran = run("ci", "--offline", "--base", "main")
    assert ran.code == 1
    assert "CODEOWNERS is not as the mesh says" in ran.err
    assert "is not as" not in ran.out


def test_a_codeowners_of_ones_own_is_left_alone(change: Path, run: Run) -> None:
    (change.parent / "CODEOWNERS").write_text("* @mallory\n")
    assert run("ci", "--offline", "--base", "main").code == 0


def test_a_mesh_with_errors_has_its_comment_too(change: Path, run: Run) -> None:
    edit(change, REPORT, "principals:", "principles:")
    ran = run("ci", "--base", "main")
    assert ran.code == 1
    assert "principles" in ran.out
    assert ran.out.startswith("<!-- meshform comment: mesh -->")


def test_without_a_base_it_says_what_to_do(change: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("ci", "--offline").code == 64
    monkeypatch.setenv("BITBUCKET_PR_DESTINATION_BRANCH", "release")
    ran = run("ci", "--offline")
    assert ran.code == 1
    assert "hint: fetch the history of both: `git fetch --unshallow origin release`" in ran.err


@pytest.mark.parametrize("variable", TARGETS)
@pytest.mark.parametrize("prefix", ["", "refs/heads/"])
def test_each_ci_says_it_in_its_own_words(monkeypatch: pytest.MonkeyPatch, variable: str, prefix: str) -> None:
    for each in TARGETS:
        monkeypatch.delenv(each, raising=False)
    assert target_branch() is None
    monkeypatch.setenv(variable, f"{prefix}release/1")
    assert target_branch() == "release/1"
