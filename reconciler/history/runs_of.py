"""Which run carried out what came into the main branch by a commit, and how that ended."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from dataclasses import dataclass

BEGUN = ("done", "done in part", "held back", "broken off", "running")
"""Endings of runs that may have carried something out."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The run by which something was carried out, and how it ended for that: `outcome`."""

    run: sqlite3.Row
    outcome: str


class Runs:
    """The runs of an index, in order; each at a place of the main line."""

    def __init__(self, index: sqlite3.Connection) -> None:
        self._index = index
        rows = index.execute("SELECT runs.*, commits.seq FROM runs LEFT JOIN commits USING (sha) ORDER BY started, id")
        self.by_id: dict[str, sqlite3.Row] = {row["id"]: row for row in rows}
        self._began = [row for row in self.by_id.values() if row["seq"] is not None and row["outcome"] in BEGUN]
        self._times = [row["started"] for row in self._began]
        steps = index.execute("SELECT document, run, result FROM steps WHERE document != '' AND result != 'done'")
        self._undone = {(row["document"], row["run"]): row["result"] for row in steps}
        told = index.execute("SELECT DISTINCT document, run FROM steps WHERE document != ''")
        self._with = {tuple(row) for row in told}

    def carried(self, change: sqlite3.Row) -> Carried | None:
        """By which run a change of a document was carried out; None where no run has begun since.

        Where steps of the document were not done, later runs are asked, until one has done them.
        """
        path, first = change["path"], None
        # Git tells whole seconds, the journal parts of them: what began in the same second may have carried it out.
        for run in self._began[bisect_left(self._times, change["at"].rstrip("Z")) :]:
            if run["seq"] < change["seq"]:
                continue
            first = first or run
            if (path, run["id"]) in self._undone:
                continue
            if first is run or (path, run["id"]) in self._with:
                # A run that was broken off has done what has steps of it, all of which are done.
                is_told = run["outcome"] == "done" or (path, run["id"]) in self._with
                return Carried(run, "done" if is_told else run["outcome"])
        return Carried(first, self._undone.get((path, first["id"]), first["outcome"])) if first is not None else None
