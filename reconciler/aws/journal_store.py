"""Keep the evidence of a run where the mesh says: a folder, or a bucket of the central account."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from reconciler import journal
from reconciler.aws.sessions import Sessions
from reconciler.errors import MeshformError
from reconciler.model.address import Address
from reconciler.model.outcome import Outcome, Run
from reconciler.model.plan import Step
from reconciler.model.reader import Unseen
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh

BETWEEN = 5.0
"""Seconds between two notes of what has ended, at least. What is about to be sent is always noted."""

_ROOM = 65_536
"""Bytes kept free in a folder, besides those for the entry, so that a full disk does not cost the last entry."""

Entry = Callable[[Run, journal.Ending], dict[str, Any]]


def keep(mesh: Mesh, sessions: Sessions, file: str, data: dict[str, Any]) -> str:
    """Write an entry of the journal under its file name; where it is. Raises MeshformError when it cannot be written.

    Written again under the same name it takes the place of the first one.
    """
    where = mesh.settings.journal
    if where.bucket is None:
        try:
            return str(journal.write(where.path, file, data))
        except OSError as error:
            raise MeshformError(f"The journal {where.path} cannot be written: {error.strerror}.") from error
    key = f"{where.prefix}{file}"
    body = journal.text(data).encode()
    try:
        client = sessions.client(placements.of_catalog(mesh), "s3")
        client.put_object(Bucket=where.bucket, Key=key, Body=body, ContentType="application/json")
    except (ClientError, BotoCoreError, Unseen) as error:
        raise MeshformError(
            f"The journal s3://{where.bucket}/{key} cannot be written: {error}. The bucket of `journal` in mesh.yaml "
            "must be in the central account, and the role must be able to write there."
        ) from error
    return f"s3://{where.bucket}/{key}"


@dataclass(slots=True)
class Record:
    """The entry of a run. While it runs each step is noted before it is sent: what a killed run may have done is told.

    `entry` makes the data of it, `file` is its name, `tell` hears once that notes cannot be written. For one thread.
    """

    mesh: Mesh
    sessions: Sessions
    run: Run
    entry: Entry
    tell: Callable[[str], None] = lambda _: None
    file: str = field(init=False)
    begun: set[Address] = field(init=False, default_factory=set)
    _written: float = field(init=False, default=0.0)
    _silent_until: float = field(init=False, default=0.0)
    _sent: list[Address] = field(init=False, default_factory=list)
    _new: list[Outcome] = field(init=False, default_factory=list)
    _notes: int = field(init=False, default=0)
    _was_told: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.file = journal.name(self.run.started)

    @property
    def id(self) -> str:
        """The id of the run."""
        return self.file.removesuffix(".json")

    def begin(self) -> str:
        """Write the first entry; where it is. Raises MeshformError when it cannot be written."""
        self._written = time.monotonic()
        data = self.entry(self.run, "running")
        if self.mesh.settings.journal.bucket is None:
            room = _ROOM + 3 * len(journal.text(data))
            try:
                self._reserve.parent.mkdir(parents=True, exist_ok=True)
                self._reserve.write_bytes(bytes(room))
            except OSError as error:
                self._reserve.unlink(missing_ok=True)
                words = f"has no room for what a run of this size tells ({room:,} bytes): {error.strerror}."
                raise MeshformError(f"The journal {self.mesh.settings.journal.path} {words}") from error
        return self._keep(self.file, data)

    def add(self, outcome: Outcome) -> None:
        """Take note of what became of a step, and write it down before long."""
        self.run = replace(self.run, outcomes=(*self.run.outcomes, outcome))
        self._new.append(outcome)
        if time.monotonic() - self._written >= BETWEEN:
            self._note(())

    def ended(self) -> Run | None:
        """The run, its outcomes in the order of the plan; None while of a step nobody knows what became of it."""
        known = {outcome.step.address: outcome for outcome in self.run.outcomes}
        steps = list(self.run.plan.steps)
        if any(step.address not in known for step in steps):
            return None
        return replace(self.run, outcomes=tuple(known[step.address] for step in steps))

    def under_way(self, steps: Sequence[Step]) -> None:
        """Write down that something of these steps may be sent from now on.

        A run goes on where that fails: the journal must not be able to stop what closes access.
        """
        self.begun |= {step.address for step in steps}
        self._note([step.address for step in steps])

    def _note(self, sent: Iterable[Address]) -> None:
        self._written = began = time.monotonic()
        self._sent += sent
        if began < self._silent_until:
            return
        file = f"{journal.progress_folder(self.file)}{self._notes + 1:06}.json"
        try:
            self._keep(file, journal.progress(self._sent, self._new))
        except MeshformError as error:
            # What could not be noted goes with the next note. Trying must not take longer than what is noted.
            self._silent_until = time.monotonic() + 10 * (time.monotonic() - began)
            if not self._was_told:
                self.tell(f"The run could not be noted step by step. {error}")
            self._was_told = True
            return
        self._notes += 1
        self._sent, self._new = [], []

    def close(self, ending: journal.Ending, tell: Callable[[str], None]) -> str | None:
        """Write the last entry; where it is. Where that fails, `tell` it and keep the entry on this machine."""
        try:
            where = self._keep(self.file, self.entry(self.run, ending))
            if self.mesh.settings.journal.bucket is None:
                notes = Path(self.mesh.settings.journal.path) / journal.progress_folder(self.file)
                shutil.rmtree(notes, ignore_errors=True)
                self._reserve.unlink(missing_ok=True)
            return where
        except MeshformError as error:
            why = str(error)
        data = self.entry(self.run, ending)
        try:
            path = str(journal.write(".meshform/journal", self.file, data))
        except OSError:
            tell(why)
            return None
        tell(f"{why} What was done is in {path}.")
        return path

    def _keep(self, file: str, data: dict[str, Any]) -> str:
        """Write a part of the journal; on a disk that is full, in the place that was reserved for it."""
        try:
            return keep(self.mesh, self.sessions, file, data)
        except MeshformError:
            if self.mesh.settings.journal.bucket is not None or not self._reserve.exists():
                raise
            self._reserve.unlink()
            return keep(self.mesh, self.sessions, file, data)

    @property
    def _reserve(self) -> Path:
        return Path(self.mesh.settings.journal.path) / ".reserve"
