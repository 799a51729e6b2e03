"""Recorded: the history of the mesh in a folder, opened: its repository, its main line, its evidence, its index."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reconciler.aws.evidence_store import EvidenceStore
from reconciler.errors import MeshformError
from reconciler.history.answers import history
from reconciler.history.commits import files_in, is_shallow, main_ref, texts
from reconciler.history.event import Event
from reconciler.history.index import FILE, opened
from reconciler.history.matter import Matter
from reconciler.history.update import update


@dataclass(frozen=True, slots=True)
class Line:
    """Where the history of a mesh is: `folder` from the `top` of the repository, `ref` the main branch."""

    top: Path
    folder: str
    ref: str
    is_shallow: bool

    def has(self, commit: str) -> bool:
        """Whether a commit has the mesh's folder."""
        return bool(files_in(self.top, commit, self.folder))


def line_of(folder: str, ref: str | None = None) -> Line:
    """The main line of the repository around a folder, which need not be there any more. MeshformError without git."""
    path = Path(folder).resolve()
    there = next(each for each in (path, *path.parents) if each.is_dir())
    done = subprocess.run(
        ["git", "-C", str(there), "rev-parse", "--show-toplevel"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise MeshformError(f"{folder} is not in a git repository, so there is no history.")
    top = Path(done.stdout.strip())
    below = path.relative_to(top.resolve()).as_posix()
    return Line(top, "" if below == "." else below, ref or main_ref(top), is_shallow(top))


@dataclass(frozen=True, slots=True)
class Recorded:
    """An index that is up to date. `troubles` say what of the journal could not be read."""

    line: Line
    index: sqlite3.Connection
    troubles: tuple[str, ...]

    def history(self, matter: Matter, since: date | None = None, until: date | None = None) -> list[Event]:
        """The rows of a matter; see `answers.history`."""
        return history(self.index, matter, self.texts, str(since or ""), str(until or ""))

    def made(self) -> list[tuple[str, str, str]]:
        """What runs made and took away: when the run began, its id, and the name of the thing in AWS."""
        rows = self.index.execute(
            "SELECT DISTINCT started, run, address FROM steps JOIN runs ON runs.id = run "
            "WHERE action IN ('create', 'delete') AND result = 'done'"
        )
        return [(f"{row[0][:19]}Z", row[1], row[2].rpartition(" ")[2]) for row in rows]

    def texts(self, blobs: list[str]) -> Mapping[str, str]:
        return dict(texts(self.line.top, blobs))


@contextmanager
def recorded(line: Line, shown: str, store: EvidenceStore, file: str = FILE) -> Iterator[Recorded]:
    """The history of a mesh. `shown` is how its folder is named in the journal."""
    with opened(file, f"{line.top} {line.folder} {line.ref} {store.place}/{store.journal}") as index:
        troubles = update(index, line.top, line.ref, line.folder, shown, store)
        yield Recorded(line, index, tuple(troubles))
