"""Manners of a tool that people trust: as whom and where, before anything; a no is an answer; found from below."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.cli.conftest import Run, edit
from tests.estate import Estate

MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"


def test_as_whom_in_which_aws_and_in_how_many_accounts_is_said_first(built: Estate, run: Run) -> None:
    ran = run("plan")
    first = ran.err.splitlines()[0]
    assert first.startswith("As arn:aws:")
    assert "in eu-west-1, 4 accounts" in first
    assert run("plan", "-q").err == ""


def test_a_no_is_an_answer_and_no_error(estate: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    ran = run("apply")
    assert ran.code == 0
    assert "It was not confirmed, so nothing was changed." in ran.err
    assert estate.writes() == []


def test_where_nobody_answers_that_is_an_error(estate: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    ran = run("apply")
    assert ran.code == 1
    assert "Nobody answered, so nothing was changed." in ran.err
    assert "hint: where nobody is asked: `meshform apply --expect plan.json`" in ran.err
    assert estate.writes() == []


@pytest.mark.parametrize("below", ["mesh", "mesh/domains/consumer-banking", "notes/of/mine"])
def test_the_mesh_is_found_from_below(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, below: str) -> None:
    place = folder.parent / below
    place.mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(place)
    ran = run("validate")
    assert ran.code == 0, ran.err
    assert "is valid: 3 domains" in ran.out


def test_a_folder_that_is_given_is_taken_as_given(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "domains")
    assert run("validate", "--mesh", "mesh").code == 1


def test_quiet_hides_notes_and_progress_and_never_warnings(folder: Path, run: Run) -> None:
    edit(folder, MODEL, "2027-06-30", "2026-01-01")
    loud, quiet = run("validate"), run("validate", "-q")
    warnings = [line for line in loud.err.splitlines() if line.startswith("warning:")]
    assert warnings
    assert [line for line in quiet.err.splitlines() if line.startswith("warning:")] == warnings


def test_what_stood_before_is_a_count_with_its_command(built: Estate, folder: Path, run: Run) -> None:
    edit(folder, MODEL, "2027-06-30", "2026-01-01")
    assert "The mesh has 1 warning; `meshform validate` shows it." in run("plan", "-q").err
