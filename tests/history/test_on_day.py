"""Which commit the main branch had on a day, and when nobody can know."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from reconciler.errors import MeshformError
from reconciler.history.on_day import commit_at, commit_on
from reconciler.history.recorded import line_of
from tests.history.repository import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "made")
    made.folder.mkdir()
    for day in (3, 5, 9):
        made.commit(f"2026-11-0{day}T23:30:00Z", f"day {day}", {"a.yaml": f"name: d{day}\n"})
    return made


def on(folder: Path, day: int) -> str:
    return commit_on(line_of(str(folder / "mesh")), date(2026, 11, day)).title


def test_it_is_the_newest_at_the_end_of_the_day(repository: Repository) -> None:
    assert [on(repository.folder, day) for day in (3, 4, 5, 8, 9, 20)] == [
        "day 3", "day 3", "day 5", "day 5", "day 9", "day 9",
    ]  # fmt: skip


def test_before_the_first_commit_nothing_was_asked_for(repository: Repository) -> None:
    with pytest.raises(MeshformError, match=r"The first commit of refs/heads/main is \w+ of 2026-11-03 23:30 UTC"):
        on(repository.folder, 2)


def test_a_day_to_come_is_no_day(repository: Repository) -> None:
    with pytest.raises(MeshformError, match="yet to come"):
        commit_on(line_of(str(repository.folder / "mesh")), date(2999, 1, 1))


def test_a_shallow_clone_says_so_and_answers_for_what_it_has(repository: Repository, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    command = ["git", "clone", "--quiet", "--depth", "2", f"file://{repository.folder}", str(clone)]
    subprocess.run(command, check=True)
    assert on(clone, 7) == "day 5"
    with pytest.raises(MeshformError, match=r"shallow and begins at \w+ of 2026-11-05") as raised:
        on(clone, 4)
    assert "--unshallow" in raised.value.hints[0]


def test_what_came_by_a_branch_counts_from_its_merge(repository: Repository) -> None:
    """Its commits are older than the merge, and the main branch did not have them."""
    repository.git("switch", "--quiet", "--create", "branch", "HEAD~1")
    repository.commit("2026-11-06T10:00:00Z", "on a branch", {"b.yaml": "name: b\n"})
    repository.git("switch", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "--message", "merged", "branch", at="2026-11-12T10:00:00Z")
    assert [on(repository.folder, day) for day in (6, 7, 11, 12)] == ["day 5", "day 5", "day 9", "merged"]


def test_the_reflog_of_a_clone_is_not_asked(repository: Repository) -> None:
    line = line_of(str(repository.folder / "mesh"))
    with pytest.raises(MeshformError, match="another clone answers otherwise"):
        commit_at(line, "main@{2026-11-04}")
    with pytest.raises(MeshformError, match="There is no commit nowhere"):
        commit_at(line, "nowhere")
    assert commit_at(line, "main~1").title == "day 5"
