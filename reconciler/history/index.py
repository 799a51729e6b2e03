"""The index of a history: git, journal and documents' headings in one file, which can be made anew from nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from reconciler.history.commits import Commit, line, main_line, texts
from reconciler.history.entries import RunEntry
from reconciler.history.headings import Heading, heading

VERSION = 2
FILE = ".meshform/history.sqlite"
_TABLES = """
CREATE TABLE about (what TEXT PRIMARY KEY, value TEXT);
CREATE TABLE commits (seq INTEGER PRIMARY KEY, sha TEXT UNIQUE, at TEXT, author TEXT, title TEXT, pull INTEGER);
CREATE TABLE changes (id INTEGER PRIMARY KEY, seq INTEGER, path TEXT, change TEXT, kind TEXT, name TEXT,
  before TEXT, after TEXT);
CREATE INDEX changes_by_name ON changes (kind, name);
CREATE INDEX changes_by_path ON changes (path);
CREATE INDEX changes_by_commit ON changes (seq);
CREATE TABLE names (kind TEXT, name TEXT, change INTEGER, PRIMARY KEY (kind, name, change)) WITHOUT ROWID;
CREATE TABLE runs (id TEXT PRIMARY KEY, started TEXT, sha TEXT, who TEXT, identity TEXT, outcome TEXT, accepted TEXT,
  pulls TEXT, note TEXT);
CREATE TABLE steps (run TEXT, document TEXT, action TEXT, address TEXT, result TEXT, message TEXT);
CREATE INDEX steps_by_document ON steps (document, run);
CREATE INDEX steps_by_run ON steps (run);
CREATE TABLE approvals (sha TEXT, pull INTEGER, author TEXT, who TEXT, at TEXT, PRIMARY KEY (sha, pull, who));
CREATE TABLE access (run TEXT, gained INTEGER, principal TEXT, name TEXT, consumer TEXT, product TEXT, domain TEXT,
  place TEXT, columns TEXT, label TEXT, thing TEXT, type TEXT, permission TEXT, path TEXT, rows TEXT,
  subscriptions TEXT);
CREATE INDEX access_by_product ON access (product);
CREATE INDEX access_by_consumer ON access (consumer);
CREATE INDEX access_by_principal ON access (principal);
CREATE INDEX access_by_place ON access (place);
CREATE INDEX access_by_run ON access (run);
"""


@contextmanager
def opened(file: str, about: str) -> Iterator[sqlite3.Connection]:
    """The index in a file, empty where there is none yet or it is of something else (`about`) or another version."""
    path = Path(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    is_of = f"{VERSION} {about}"
    index = _connected(path)
    try:
        found = index.execute("SELECT value FROM about WHERE what = 'index'").fetchone()
    except sqlite3.DatabaseError:
        found = None
    if found is None or found[0] != is_of:
        index.close()
        path.unlink(missing_ok=True)
        index = _connected(path)
        # It can be made anew, so it need not outlive a power failure.
        index.executescript(f"PRAGMA synchronous = OFF; {_TABLES}")
        index.execute("INSERT INTO about VALUES ('index', ?)", (is_of,))
        index.commit()
    try:
        yield index
    finally:
        index.close()


def _connected(path: Path) -> sqlite3.Connection:
    index = sqlite3.connect(path)
    index.row_factory = sqlite3.Row
    return index


def add_commits(index: sqlite3.Connection, top: Path, ref: str, folder: str) -> None:
    """Bring in what came into the main line since the last time; all of it where what is known is not on the line."""
    on_line = line(top, ref)
    last = index.execute("SELECT seq, sha FROM commits ORDER BY seq DESC LIMIT 1").fetchone()
    if last is not None and last[1] not in on_line:
        index.executescript("DELETE FROM commits; DELETE FROM changes; DELETE FROM names;")
        last = None
    if last is not None and last[1] == on_line[0]:
        return
    found = list(main_line(top, ref, folder, last[1] if last else None))
    blobs = (blob for commit in found for each in commit.changed for blob in (each.before, each.after) if blob)
    headings = {blob: heading(text) for blob, text in texts(top, blobs)}
    with index:
        for seq, commit in enumerate(found, last[0] + 1 if last else 0):
            _add(index, seq, commit, headings)


def _add(index: sqlite3.Connection, seq: int, commit: Commit, headings: dict[str, Heading]) -> None:
    at = f"{commit.at:%Y-%m-%dT%H:%M:%SZ}"
    told = (seq, commit.sha, at, commit.author, commit.title, commit.pull)
    index.execute("INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?)", told)
    for each in commit.changed:
        both = [headings[blob] for blob in (each.after, each.before) if blob in headings]
        if not both:
            continue
        change = "added" if each.before is None else "removed" if each.after is None else "changed"
        row = (seq, each.path, change, both[0].kind, both[0].name, each.before, each.after)
        number = index.execute("INSERT INTO changes VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", row).lastrowid
        names = {pair for head in both for pair in ((head.kind.lower(), head.name), *head.names)}
        index.executemany("INSERT INTO names VALUES (?, ?, ?)", [(kind, name, number) for kind, name in sorted(names)])


def known_runs(index: sqlite3.Connection) -> frozenset[str]:
    """The ids of runs that are in the index and have ended."""
    return frozenset(row[0] for row in index.execute("SELECT id FROM runs WHERE outcome != 'running'"))


def add_runs(index: sqlite3.Connection, runs: Iterable[RunEntry]) -> None:
    """Bring in runs; one that is there is replaced."""
    with index:
        for run in runs:
            for table in ("steps", "access"):
                index.execute(f"DELETE FROM {table} WHERE run = ?", (run.id,))  # noqa: S608
            accepted = ", ".join(run.accepted)
            note = "; ".join((*run.not_approved, *(f"{each} was not committed" for each in run.uncommitted)))
            index.execute(
                "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (run.id, run.started, run.commit, run.who, run.by, run.outcome, accepted, json.dumps(run.pulls), note),
            )
            index.executemany(
                "INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?)",
                [(run.id, each.document, each.action, each.address, each.result, each.message) for each in run.steps],
            )
            index.executemany(
                "INSERT OR REPLACE INTO approvals VALUES (?, ?, ?, ?, ?)",
                [(each.commit, each.pull, each.author, each.by, each.at) for each in run.approvals],
            )
            _add_access(index, run)


def _add_access(index: sqlite3.Connection, run: RunEntry) -> None:
    texts = ("principal", "name", "consumer", "product", "domain", "table")
    more = ("sensitivity", "thing", "principal_type", "permission", "path", "rows")
    index.executemany(
        "INSERT INTO access VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                run.id,
                int(bool(row.get("gained"))),
                *(str(row.get(each) or "") for each in texts),
                json.dumps(row.get("columns") or []),
                *(str(row.get(each) or "") for each in more),
                json.dumps(row.get("subscriptions") or []),
            )
            for row in run.access
        ],
    )
