"""Which commit the main branch had on a day, and when nobody can know."""

from __future__ import annotations

import subprocess
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.aws.evidence_store import FolderStore
from reconciler.errors import MeshformError
from reconciler.history import on_day
from reconciler.history.commits import main_line
from reconciler.history.on_day import Then, applied_elsewhere, commit_at, commit_on
from reconciler.history.recorded import Line, line_of
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


def elsewhere(folder: Path, made: Repository, day: int) -> str | None:
    """The commit that a run applied and the main branch of a clone has not got, as its last run before a day tells."""
    store = FolderStore(str(made.folder / ".meshform"), "journal/")
    found = applied_elsewhere(line_of(str(folder / "mesh")), store, datetime(2026, 11, day, tzinfo=UTC))
    return found.commit if found is not None else None


def test_a_run_of_a_commit_that_the_main_branch_has_not_got_is_known(repository: Repository, tmp_path: Path) -> None:
    """The branch of origin counts, as it was fetched last."""
    clone = Repository(tmp_path / "clone")
    repository.git("clone", "--quiet", str(repository.folder), str(clone.folder))
    assert elsewhere(clone.folder, repository, 30) is None, "no run at all"
    first = repository.git("rev-parse", "HEAD")
    repository.ran("2026-11-10T10:00:00Z", first)
    assert elsewhere(clone.folder, repository, 30) is None
    # Applied from a clone, and not pushed.
    mine = clone.commit("2026-11-11T10:00:00Z", "not pushed", {"c.yaml": "name: c\n"})
    repository.ran("2026-11-12T10:00:00Z", mine)
    assert elsewhere(clone.folder, repository, 30) == mine
    assert elsewhere(clone.folder, repository, 11) is None, "that was later"
    clone.git("push", "--quiet", "origin", "main:pushed")
    repository.git("merge", "--quiet", "--ff-only", "pushed")
    clone.git("fetch", "--quiet")
    assert elsewhere(clone.folder, repository, 30) is None
    # Merged and applied, and not fetched.
    theirs = repository.commit("2026-11-13T10:00:00Z", "merged", {"d.yaml": "name: d\n"})
    repository.ran("2026-11-14T10:00:00Z", theirs)
    assert elsewhere(repository.folder, repository, 30) is None
    assert elsewhere(clone.folder, repository, 30) == theirs


NIGHT = datetime(2026, 11, 1, tzinfo=UTC)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.lists(st.integers(1, 40), min_size=2, max_size=6))
def test_a_committers_clock_neither_hides_what_a_run_applied_nor_passes_for_proof(
    data: st.DataObject, waits: list[int]
) -> None:
    """Commits come to the main branch at hours of ours; each tells an hour that its committer likes. Each is applied at
    once, as apply has it."""
    came = [NIGHT + timedelta(hours=hours) for hours in accumulate(waits)]
    told = [data.draw(st.sampled_from([at, *came]) | st.just(at + timedelta(days=3))) for at in came]
    commits = [Then(f"{number:040x}", at, str(number)) for number, at in enumerate(told)]
    with TemporaryDirectory() as folder:
        made = Repository(Path(folder))
        for commit, at in zip(commits, came, strict=True):
            made.ran(f"{at:%Y-%m-%dT%H:%M:%SZ}", commit.sha)
        store = FolderStore(str(made.folder / ".meshform"), "journal/")
        line = Line(Path(folder), "mesh", "main", is_shallow=False)
        for day in range((came[-1] - NIGHT).days + 1):
            end = NIGHT + timedelta(days=day + 1)
            had = [commit for commit, at in zip(commits, came, strict=True) if at < end]
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(on_day, "_commits", lambda _: iter(reversed(commits)))
                try:
                    found = commit_on(line, end.date() - timedelta(days=1), store)
                except MeshformError:
                    assert not had, "hidden"
                    continue
            assert not had or int(found.title) >= int(had[-1].title), "hidden"
            assert found.applied is None or found.sha == had[-1].sha, "proven, and it was not there"
            if told == came:
                assert (found.sha, found.applied) == (had[-1].sha, came[len(had) - 1])


def test_a_commit_that_came_by_fast_forward_is_as_old_as_it_says_and_told_as_not_proven(repository: Repository) -> None:
    """Its committer wrote a date of his own; no run had begun on it by then."""
    first = repository.git("rev-parse", "HEAD~2")
    repository.ran("2026-11-03T23:35:00Z", first)
    repository.git("switch", "--quiet", "--create", "branch", "HEAD~2")
    forged = repository.commit("2026-11-04T10:00:00Z", "forged", {"b.yaml": "name: b\n"})
    repository.git("branch", "--force", "main", forged)
    repository.git("switch", "--quiet", "main")
    store = FolderStore(str(repository.folder / ".meshform"), "journal/")
    line = line_of(str(repository.folder / "mesh"))
    assert commit_on(line, date(2026, 11, 3), store).applied == datetime(2026, 11, 3, 23, 35, tzinfo=UTC)
    found = commit_on(line, date(2026, 11, 6), store)
    assert (found.title, found.applied, found.proven and found.proven.sha) == ("forged", None, first)


def test_a_commit_older_than_those_below_it_is_not_counted_and_told(repository: Repository) -> None:
    repository.commit("2026-11-04T10:00:00Z", "backdated", {"b.yaml": "name: b\n"})
    found = commit_on(line_of(str(repository.folder / "mesh")), date(2026, 11, 5))
    assert (found.title, found.doubtful and found.doubtful.title) == ("day 5", "backdated")
    assert commit_on(line_of(str(repository.folder / "mesh")), date(2026, 11, 9)).title == "backdated"


def test_a_commit_of_a_time_beyond_all_years_breaks_nothing(repository: Repository) -> None:
    repository.commit("@99999999999999 +0000", "beyond", {"b.yaml": "name: b\n"})
    found = commit_on(line_of(str(repository.folder / "mesh")), date(2026, 11, 20))
    assert (found.title, found.doubtful and found.doubtful.title) == ("day 9", "beyond")
    assert [each.title for each in main_line(repository.folder, "main", "mesh")][-1] == "beyond"
