"""A campaign ends with 1 where a row does not hold, and goes on where it was broken off, on the same commit."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.campaigns import rows
from tests.campaigns.rows import Row, told

FINE = [Row("one", 3, 3), Row("two", 4, 4)]
BAD = [Row("one", 3, 3), Row("two", 4, 4, ["killed after write 2: somebody lacks a column"]), Row("three", 1, 1)]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of rows that a campaign adds to."""
    file = tmp_path / "rows.jsonl"
    monkeypatch.setattr(rows, "commit", lambda: "abc1234")
    monkeypatch.setattr(sys, "argv", ["crashes.py", "--json", str(file), "--resume", "--first"])
    return file


def made(kept: Path, every: list[Row]) -> tuple[int, list[str]]:
    """The exit code of a campaign of these rows, and which of them it made."""
    names: list[str] = []

    def campaign(given: Namespace) -> Iterator[Row]:
        for row in every:
            if row.scene not in given.known:
                names.append(row.scene)
                yield row

    return told("", campaign), names


def test_rows_of_this_commit_are_not_made_again(kept: Path) -> None:
    assert made(kept, FINE[:1]) == (0, ["one"])
    assert made(kept, FINE) == (0, ["two"])
    assert [json.loads(line)["scene"] for line in kept.read_text().splitlines()] == ["one", "two"]


def test_rows_of_another_commit_or_of_fewer_writes_are(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(kept, FINE)
    monkeypatch.setattr(sys, "argv", [*sys.argv, "--before"])
    assert made(kept, FINE) == (0, ["one", "two"])
    monkeypatch.setattr(rows, "commit", lambda: "def5678")
    assert made(kept, FINE) == (0, ["one", "two"])


def test_the_first_row_that_does_not_hold_ends_it_and_is_made_again(kept: Path) -> None:
    assert made(kept, BAD) == (1, ["one", "two"])
    assert made(kept, BAD) == (1, ["two"])


def test_without_first_every_row_is_made(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", sys.argv[:-1])
    assert made(kept, BAD) == (1, ["one", "two", "three"])
