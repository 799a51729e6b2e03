"""The history of a matter, as rows: what was asked and who approved it, what was applied, who gained and lost."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from reconciler.history.event import Event
from reconciler.history.matter import Matter, Texts, access, changes, check
from reconciler.history.runs_of import Runs


def history(index: sqlite3.Connection, matter: Matter, texts: Texts, since: str = "", until: str = "") -> list[Event]:
    """The rows of a matter, oldest first. `since` and `until` are days, both included; empty: from the first, to now.

    Raises MeshformError for a name of which nothing was ever said.
    """
    runs, approvals = Runs(index), _approvals(index)
    asked = [_asked(row, runs, approvals) for row in changes(index, matter, texts)]
    asked = list(_moved(asked))
    rows = {row["rowid"]: row for row in access(index, matter)}
    if matter.kind == "subscription":
        rows |= _lost_with(index, asked)
    given = [_given(row, runs) for row in rows.values()]
    documents = {event.file for event in asked if event.file} if matter.kind else None
    applied = [
        _applied(index, runs, run, documents)
        for run in _runs(index, documents, {event.run for event in (*asked, *given)} - {""})
    ]
    check(index, matter, bool(asked or given))
    order = {"asked": 0, "applied": 1, "gained": 2, "lost": 3}
    every = sorted((*asked, *applied, *given), key=lambda event: (event.at, event.run, order[event.event]))
    return [each for each in every if (since or "") <= each.at[:10] and (not until or each.at[:10] <= until)]


def _asked(row: sqlite3.Row, runs: Runs, approvals: Mapping[str, tuple[int, str, tuple[str, ...]]]) -> Event:
    pull, author, approved = approvals.get(row["sha"], (row["pull"], row["author"], ()))
    carried = runs.carried(row)
    event = Event(
        at=row["at"],
        event="asked",
        document=f"{row['kind']} {row['name']}".strip() or row["path"],
        file=row["path"],
        change=row["change"],
        pull_request=pull,
        commit=row["sha"],
        author=author or row["author"],
        approved_by=approved,
        detail=row["title"],
        outcome="not applied",
    )
    if carried is None:
        return event
    run = carried.run
    return replace(
        event,
        run=run["id"],
        by=run["who"],
        accepted=run["accepted"],
        applied=_utc(run["started"]),
        outcome=carried.outcome,
    )


def _moved(events: Iterable[Event]) -> Iterator[Event]:
    """A document that went in one place and came in another by the same commit has moved."""
    held = list(events)
    came = {(each.commit, each.document): each for each in held if each.change == "added"}
    went = {(each.commit, each.document): each for each in held if each.change == "removed"}
    for each in held:
        key = (each.commit, each.document)
        if key in came and key in went:
            if each.change == "added":
                yield replace(each, change="moved", detail=f"{each.detail} (from {went[key].file})")
        else:
            yield each


def _given(row: sqlite3.Row, runs: Runs) -> Event:
    run = runs.by_id[row["run"]]
    is_sure = run["outcome"] != "running"
    return Event(
        at=_utc(run["started"]),
        event="gained" if row["gained"] else "lost",
        commit=run["sha"],
        run=run["id"],
        by=run["who"],
        accepted=run["accepted"],
        outcome="done" if is_sure else "not known: the run was killed",
        who=row["name"] or row["principal"],
        principal=row["principal"],
        principal_type=row["type"],
        consumer=row["consumer"],
        product=row["product"],
        table=row["place"],
        columns=tuple(json.loads(row["columns"])),
        label=row["label"],
        rows=row["rows"],
        permission=row["permission"],
        subscriptions=tuple(json.loads(row["subscriptions"])),
        detail=row["thing"] or ("" if row["path"] == "lake-formation" else row["path"]),
    )


def _lost_with(index: sqlite3.Connection, asked: Iterable[Event]) -> dict[int, sqlite3.Row]:
    """What was lost when a change of the subscription was carried out: by its consumer, of its product.

    The documents of that moment do not have the subscription any more, so the journal does not name it.
    """
    found: dict[int, sqlite3.Row] = {}
    for event in asked:
        names: dict[str, set[str]] = {}
        pairs = index.execute(
            "SELECT names.kind, names.name FROM names JOIN changes ON id = names.change JOIN commits USING (seq) "
            "WHERE sha = ? AND path = ?",
            (event.commit, event.file),
        )
        for kind, name in pairs:
            names.setdefault(kind, set()).add(name)
        for consumer in names.get("consumer", ()):
            for product in names.get("product", {""}):
                rows = index.execute(
                    "SELECT rowid, * FROM access WHERE run = ? AND NOT gained AND consumer = ? AND ? IN (product, '')",
                    (event.run, consumer, product),
                )
                found |= {row["rowid"]: row for row in rows}
    return found


def _runs(index: sqlite3.Connection, documents: set[str] | None, known: set[str]) -> list[str]:
    """The runs that have steps of these documents (None: all runs), and those known to be about them."""
    if documents is None:
        return [row["id"] for row in index.execute("SELECT id FROM runs")]
    found = set(known)
    for document in documents:
        found |= {row["run"] for row in index.execute("SELECT DISTINCT run FROM steps WHERE document = ?", (document,))}
    return sorted(found)


def _applied(index: sqlite3.Connection, runs: Runs, name: str, documents: set[str] | None) -> Event:
    """A run, with how many steps of the documents it made, and what it did not make."""
    run = runs.by_id[name]
    steps: list[Any] = index.execute("SELECT * FROM steps WHERE run = ?", (name,)).fetchall()
    if documents is not None:
        steps = [each for each in steps if each["document"] in documents] or steps
    left = [each for each in steps if each["result"] != "done"]
    told = [f"{len(steps) - len(left)} of {len(steps)} steps done"]
    told += [f"{each['result']}: {each['action']} {each['address']}" for each in left[:3]]
    told += [f"and {len(left) - 3} more"] if len(left) > 3 else []
    told += [run["note"]] if run["note"] else []
    return Event(
        at=_utc(run["started"]),
        event="applied",
        commit=run["sha"],
        run=name,
        by=run["who"],
        accepted=run["accepted"],
        applied=_utc(run["started"]),
        outcome="killed" if run["outcome"] == "running" else run["outcome"],
        principal=run["identity"],
        detail="; ".join(told),
    )


def _approvals(index: sqlite3.Connection) -> dict[str, tuple[int, str, tuple[str, ...]]]:
    """Of each commit its pull request, the author of that, and whose approvals counted."""
    found: dict[str, tuple[int, str, tuple[str, ...]]] = {}
    for row in index.execute("SELECT * FROM approvals ORDER BY at, who"):
        before = found.get(row["sha"], (0, "", ()))[2]
        found[row["sha"]] = (row["pull"], row["author"], (*before, *((row["who"],) if row["who"] else ())))
    return found


def _utc(time: str) -> str:
    """A time of the journal, as those of commits are written."""
    return f"{time[:19]}Z"
