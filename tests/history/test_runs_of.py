"""Which run carried out a change: the first that began with it or after it, as finely as git tells the time."""

from __future__ import annotations

import sqlite3

import pytest

from reconciler.history.runs_of import Runs


def index(*started: str) -> sqlite3.Connection:
    """An index with a commit, and runs of it that began then."""
    made = sqlite3.connect(":memory:")
    made.row_factory = sqlite3.Row
    made.executescript(
        "CREATE TABLE runs (id TEXT, started TEXT, sha TEXT, outcome TEXT);"
        "CREATE TABLE commits (seq INTEGER, sha TEXT, at TEXT, path TEXT);"
        "CREATE TABLE steps (document TEXT, run TEXT, result TEXT);"
        "INSERT INTO commits VALUES (1, 'c1', '2026-11-26T18:14:53Z', 'a.yaml')"
    )
    made.executemany("INSERT INTO runs VALUES (?, ?, 'c1', 'done')", ((at, at) for at in started))
    return made


@pytest.mark.parametrize(
    ("started", "carried"),
    [
        ("2026-11-26T18:14:53.811189+00:00", True),
        ("2026-11-26T18:14:53.000001+00:00", True),
        ("2026-11-26T18:14:53+00:00", True),
        ("2026-11-26T18:15:00.000000+00:00", True),
        ("2026-11-26T18:14:52.999999+00:00", False),
    ],
)
def test_a_run_of_the_same_second_may_have_carried_it_out(started: str, carried: bool) -> None:
    made = index(started)
    (change,) = made.execute("SELECT * FROM commits")
    assert (Runs(made).carried(change) is not None) is carried
