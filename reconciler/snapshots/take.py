"""Take: read AWS account by account, straight into a file."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

from reconciler.aws.observe import readings
from reconciler.aws.reader import AwsReader, ForgetfulReader
from reconciler.aws.sessions import Sessions
from reconciler.kinds import registry
from reconciler.measures.kind import NAME, MeasureKind
from reconciler.model.address import Placement
from reconciler.model.progress import Progress, silent
from reconciler.model.reading import Reading
from reconciler.model.resource import Gap
from reconciler.plan.compile import compile_mesh
from reconciler.snapshots.ask import header_for
from reconciler.snapshots.file import write
from reconciler.snapshots.format import Part
from reconciler.spec.mesh import Mesh


def take(
    mesh: Mesh,
    sessions: Sessions,
    path: Path,
    accounts: Collection[str] | None = None,
    progress: Progress = silent,
) -> tuple[int, tuple[Gap, ...]]:
    """Write what AWS has into a file; how many resources that are, and what was not seen.

    `accounts` are the ids of those that are read; all where it is left out. No more than the answers of a few accounts
    is in memory at a time, beside those of the central one, on which the readings of the others lean.
    """
    kinds, reader = registry(), AwsReader(sessions)
    every = {**kinds, NAME: MeasureKind(ForgetfulReader(sessions))}
    read = frozenset(account.id for account in mesh.accounts.values()) if accounts is None else frozenset(accounts)
    part = Part(datetime.now(UTC), sessions.whoami(), tuple(sorted(read)))
    gaps: list[Gap] = []

    def passing() -> Iterator[Reading]:
        before: Placement | None = None
        for reading in readings(mesh, every, reader, progress, accounts=read):
            if before is not None and before != reading.placement and before.account != mesh.central.id:
                reader.forget(before)
            before = reading.placement
            gaps.extend(reading.gaps)
            yield reading

    count = write(path, header_for(mesh, compile_mesh(mesh, kinds), part), passing(), every)
    return count, tuple(sorted(set(gaps)))
