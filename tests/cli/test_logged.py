"""--log-level and --log-file: every request that AWS and the forge got, in order, and none of the secrets around."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import click
import pytest

from reconciler.cli import cli
from tests.cli.conftest import Run
from tests.estate import Estate

ANSWER = re.compile(r"\S+ info  answers (\S+)\.(\S+) (\S+) (\d+) in \d+\.\d{3} s, request \S.*")
ASKED = re.compile(r"\S+ debug asks    (\S+)\.(\S+) (\S+) (\{.*\})")
HIDDEN_KEY, HIDDEN_TOKEN = "s3cr3tKeyOfNobody0123456789ABCDEFGHIJ/+x", "FwoGZXIvYXdzEBYaDHRoaXNpc2FzZWNyZXQ"


def commands(group: click.Group, path: str = "") -> dict[str, click.Command]:
    """Every command that does something, by its words."""
    found: dict[str, click.Command] = {}
    for name in group.list_commands(click.Context(group)):
        each = group.get_command(click.Context(group), name)
        assert each is not None
        words = f"{path} {name}".strip()
        found |= commands(each, words) if isinstance(each, click.Group) else {words: each}
    return found


def test_every_command_can_be_logged() -> None:
    silent = {
        words
        for words, each in commands(cli).items()
        if "log_level" not in {parameter.name for parameter in each.params}
    }
    assert silent == {"sandbox serve"}, "the simulated AWS asks nobody"


def test_every_request_is_told_and_no_secret(
    built: Estate, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", HIDDEN_KEY)
    monkeypatch.setenv("AWS_SESSION_TOKEN", HIDDEN_TOKEN)
    built.aws.calls.clear()
    ran = run("plan", "--log-level", "debug", "--log-file", str(tmp_path / "log"))
    assert ran.code == 0
    text = (tmp_path / "log").read_text()
    first, *lines = text.splitlines()
    assert re.fullmatch(
        r"\S+ info  meshform \S+, commit .*; Python \S+ on \w+; meshform plan --log-level debug .*", first
    )
    answers = Counter(found[2] for line in lines if (found := ANSWER.fullmatch(line)))
    asked = Counter(found[2] for line in lines if (found := ASKED.fullmatch(line)))
    assert answers == asked
    # The sandbox knows one of S3's operations by its first name.
    served = Counter(re.sub(r"Lifecycle$", "LifecycleConfiguration", call.operation) for call in built.aws.calls)
    assert answers == served
    assert sum(answers.values()) + sum(asked.values()) == len(lines), "and nothing else is in it"
    assert HIDDEN_KEY not in text
    assert HIDDEN_TOKEN not in text
    assert "111111111111/eu-west-1" in text


def test_by_variables_and_without_what_was_asked(built: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESHFORM_LOG", "INFO")
    ran = run("plan", "-q")
    lines = ran.err.splitlines()
    assert len(lines) > 10
    assert not [line for line in lines[1:] if not ANSWER.fullmatch(line)]


def test_a_level_that_is_none_is_wrong_usage(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESHFORM_LOG", "loud")
    ran = run("validate")
    assert ran.code == 64
    assert "'loud' is not one of 'info', 'debug'" in ran.err


def test_a_file_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    ran = run("validate", "--log-file", str(tmp_path / "none" / "log"))
    assert ran.code == 1
    assert (
        ran.err == f"meshform: {tmp_path / 'none' / 'log'}: No such file or directory. Check the path and the disk.\n"
    )


def test_how_it_ended_is_told(folder: Path, run: Run, tmp_path: Path) -> None:
    (folder / "mesh.yaml").unlink()
    run("validate", "--log-file", str(tmp_path / "log"))
    text = (tmp_path / "log").read_text()
    assert "info  ended by InvalidMesh: The mesh has" in text
    assert "debug at\\nTraceback" in text
