"""What people see when something is not as they thought: nothing blind, nothing twice, always what to do."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run, edit
from tests.estate import ANALYTICS, Estate


def test_a_misspelt_command_is_answered_with_the_nearest(run: Run) -> None:
    ran = run("plna")
    assert ran.code == 64
    assert "There is no command plna (did you mean plan?)." in ran.err


def test_a_misspelt_gate_is_told_before_aws_is_called(estate: Estate, run: Run) -> None:
    ran = run("apply", "--auto-approve", "--accept", "catlog-loss")
    assert ran.code == 1
    assert "catlog-loss is none (did you mean catalog-loss?)" in ran.err
    assert len(estate.aws.calls) == 0


@pytest.mark.parametrize("words", [("-q",), ("--format", "json")])
def test_nobody_is_asked_about_a_plan_that_was_not_shown(
    estate: Estate, run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    ran = run("apply", *words)
    shown = ran.err if "json" in words else ran.out
    assert "Plan: " in shown
    assert "Carry this out (" in ran.err
    assert "nothing was changed" in ran.err
    assert estate.writes() == []


def test_accounts_that_cannot_be_entered_take_a_line_each_and_no_certainty_is_claimed(
    estate: Estate, folder: Path, run: Run
) -> None:
    edit(folder, "mesh.yaml", "plan: Organization", "plan: NoOrganization")
    ran = run("plan")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "Nothing was seen, so who would gain or lose access is not known."
    assert "in what was seen" not in ran.out
    assert "Nobody" not in ran.out
    causes = re.findall(r"nothing of .*?: the role (\S+) cannot be assumed", ran.out)
    assert len(causes) == len({*causes}) == 4
    # Of each but the central account also that the central account's role does not help.
    assert ran.out.count("is not authorized") == 4 + 3
    assert len(lines) < 14


def test_where_some_of_it_was_seen_nobody_says_that_nothing_was(built: Estate, run: Run) -> None:
    built.aws.faults(
        {"service": "lakeformation", "account": ANALYTICS, "error": "AccessDeniedException", "times": None}
    )
    ran = run("plan")
    built.aws.world.faults.clear()
    assert "Nothing was seen" not in ran.out
    assert "not everything was seen in analytics; the reasons are below" in ran.out
    assert "grant" in ran.out.partition("What was not seen is neither created again nor deleted:")[2]


def test_a_file_that_cannot_be_written_is_told_without_a_traceback(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = run("schema", "--out", str(tmp_path / "file" / "schemas"))
    assert ran.code == 1
    assert "Traceback" not in ran.err
    assert f"meshform: {tmp_path / 'file'}" in ran.err


def test_a_folder_that_is_not_there_is_one_error(run: Run) -> None:
    ran = run("validate", "--mesh", "nowhere")
    assert "nowhere:1:1  mesh-folder  there is no such folder" in ran.err
    assert "The mesh has 1 error." in ran.err


@pytest.mark.parametrize("port", ["0", "99999"])
def test_a_port_that_is_none_is_wrong_usage(run: Run, port: str) -> None:
    assert run("sandbox", "serve", "--port", port).code == 64
