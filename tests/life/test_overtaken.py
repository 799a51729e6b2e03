"""An older commit is not applied over a newer one: it would give again what that has taken away."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler import applying, pipeline
from reconciler.apply_request import ApplyRequest, ApplyResult
from reconciler.errors import NotReviewed
from reconciler.model.job import Job
from reconciler.sandbox import Sandbox, sandbox
from reconciler.spec.mesh import Mesh
from tests.estate import every_rule, variant
from tests.story.test_no_gap import INTERNAL, REPORT, WIDER

WIDE, NARROW = variant((REPORT, INTERNAL, WIDER)), variant()


@pytest.fixture(scope="module")
def aws() -> Iterator[Sandbox]:
    with sandbox() as opened:
        yield opened


@pytest.fixture
def commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two commits one after the other and one beside them, in the repository around this process; no journal."""
    monkeypatch.chdir(tmp_path)
    found = []
    for where in ("main", "main", "side"):
        if where == "side":
            git("checkout", "-q", "-b", "side", found[0])
        elif not found:
            git("init", "-q", "-b", "main")
        git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", f"{len(found)}")
        found.append(git("rev-parse", "HEAD"))
    return found


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout.strip()


def apply(mesh: Mesh, commit: str | None, *, may_be_older: bool = False) -> ApplyResult:
    order = ApplyRequest(accepted=every_rule(), job=Job(commit=commit), may_be_older=may_be_older)
    return applying.apply(mesh, pipeline.sessions_for(mesh, writes=True), order, confirm=lambda _: None)


def test_an_old_job_that_is_run_again_gives_nothing_back(aws: Sandbox, commits: list[str]) -> None:
    old, new, side = commits
    assert apply(WIDE, old).error is None
    assert apply(WIDE, old).error is None, "what failed is taken up on the same commit"
    assert apply(NARROW, new).error is None
    aws.calls.clear()
    with pytest.raises(NotReviewed, match=f"{new[:12]} was applied already.*{old[:12]}, an older one"):
        apply(WIDE, old)
    assert not [call for call in aws.calls if call.service in ("glue", "lakeformation")]
    assert apply(NARROW, new).error is None
    assert apply(NARROW, side).error is None, "what is beside it is not older"
    assert apply(NARROW, None).error is None, "nobody knows"
    git("checkout", "-q", "main")
    assert apply(NARROW, new, may_be_older=True).error is None


def test_whoever_means_it_may(aws: Sandbox, commits: list[str]) -> None:
    old, new, _ = commits
    assert apply(NARROW, new).error is None
    assert apply(WIDE, old, may_be_older=True).error is None
    assert apply(NARROW, new).error is None


def test_a_journal_that_is_none_is_told_and_stops_nothing(aws: Sandbox, commits: list[str]) -> None:
    old, _, _ = commits
    assert apply(NARROW, old).error is None
    for none in ("{", "{}", "[]"):
        for file in Path(".meshform/journal").glob("*.json"):
            file.write_text(none)
        ended = apply(NARROW, old)
        assert ended.troubles
        assert "Whether a newer commit was applied already is not known" in ended.troubles[0]
