"""Update: bring an index up to what git and the journal have."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reconciler import journal
from reconciler.aws.evidence_store import EvidenceStore
from reconciler.aws.reading_pool import reading_pool
from reconciler.errors import MeshformError
from reconciler.history.entries import RunEntry, run_entry
from reconciler.history.index import add_commits, add_runs, known_runs
from reconciler.model.plain_json import MISSHAPEN, plain_json

_ENTRY = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z-[0-9a-f]{6}\.json")
_AT_ONCE = 16
_BATCH = 64


def update(index: sqlite3.Connection, top: Path, ref: str, folder: str, shown: str, store: EvidenceStore) -> list[str]:
    """Bring in what is new. `shown` is how the journal names the mesh's folder. What of the journal cannot be read."""
    add_commits(index, top, ref, folder)
    troubles: list[str] = []
    known = known_runs(index)
    new = [name for name in entry_names(store) if name.removesuffix(".json") not in known]
    for start in range(0, len(new), _BATCH):
        add_runs(index, _read(store, new[start : start + _BATCH], shown, troubles))
    return troubles


def entry_names(store: EvidenceStore) -> Iterator[str]:
    """The file names of the entries of the journal, oldest first."""
    for name in store.names(store.journal):
        file = name.removeprefix(store.journal)
        if _ENTRY.fullmatch(file):
            yield file


def entry(store: EvidenceStore, file: str) -> Any:
    """An entry, with what its progress tells where it has no end. Raises MeshformError."""
    try:
        data = plain_json(store.read(f"{store.journal}{file}"))
        if data["outcome"] == "running":
            # What does not end so is a note that was being written when the run was killed.
            names = store.names(f"{store.journal}{journal.progress_folder(file)}")
            notes = [name for name in names if name.endswith(".json")]
            data = journal.with_progress(data, (plain_json(store.read(each)) for each in notes))
    except MISSHAPEN as error:
        raise MeshformError(f"{store.place}/{store.journal}{file} is no entry of a journal: {error}.") from error
    return data


def _read(store: EvidenceStore, files: list[str], shown: str, troubles: list[str]) -> list[RunEntry]:
    def one(file: str) -> RunEntry | str:
        try:
            return run_entry(file, entry(store, file), shown)
        except MeshformError as error:
            return str(error)

    with reading_pool(_AT_ONCE) as pool:
        found = list(pool.map(one, files))
    troubles += [each for each in found if isinstance(each, str)]
    return [each for each in found if isinstance(each, RunEntry)]
