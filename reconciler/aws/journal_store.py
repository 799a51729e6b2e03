"""Keep the evidence of a run where the mesh says: a folder, or a bucket of the central account."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from reconciler import journal
from reconciler.aws.sessions import Sessions
from reconciler.errors import MeshformError
from reconciler.model.outcome import Outcome, Run
from reconciler.model.reader import Unseen
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh

BETWEEN = 5.0
"""Seconds between two entries of a run that is under way, at least."""

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
    """The entry of a run, written anew as the run goes on: what a killed run has done is in it.

    `entry` makes the data of it. To be used by one thread.
    """

    mesh: Mesh
    sessions: Sessions
    run: Run
    entry: Entry
    _file: str = field(init=False)
    _written: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self._file = journal.name(self.run.started)

    def begin(self) -> str:
        """Write the first entry; where it is. Raises MeshformError when it cannot be written."""
        self._written = time.monotonic()
        return self._write("running")

    def add(self, outcome: Outcome) -> None:
        """Take note of what became of a step, and write it down before long."""
        self.run = replace(self.run, outcomes=(*self.run.outcomes, outcome))
        if time.monotonic() - self._written >= BETWEEN:
            self._written = time.monotonic()
            try:
                self._write("running")
            except MeshformError:
                return  # the last entry says it, or that it could not be written

    def close(self, ending: journal.Ending, tell: Callable[[str], None]) -> str | None:
        """Write the last entry; where it is. Where that fails, `tell` it and keep the entry on this machine."""
        try:
            return self._write(ending)
        except MeshformError as error:
            why = str(error)
        data = self.entry(self.run, ending)
        try:
            path = str(journal.write(".meshform/journal", self._file, data))
        except OSError:
            tell(why)
            return None
        tell(f"{why} What was done is in {path}.")
        return path

    def _write(self, ending: journal.Ending) -> str:
        return keep(self.mesh, self.sessions, self._file, self.entry(self.run, ending))
