"""Kept snapshots: what AWS had, day by day, beside the journal; thinned by age, and found again by a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from reconciler.aws.evidence_store import EvidenceStore
from reconciler.aws.sessions import Sessions
from reconciler.errors import MeshformError
from reconciler.kinds import registry
from reconciler.model.progress import Progress, silent
from reconciler.model.resource import Observation
from reconciler.snapshots.ask import observation_for
from reconciler.snapshots.file import opened, read
from reconciler.snapshots.take import take
from reconciler.spec.mesh import Mesh

FOLDER = "snapshots/"
ALL_FOR = timedelta(days=7)
DAILY_FOR = timedelta(days=92)
"""All are kept for a week, the first of each day for a quarter, and the first of each month for ever."""
_APART = timedelta(minutes=1)
"""A name told when the reading was about to begin, in earlier versions; the file says when it began."""
_NAME = re.compile(rf"{FOLDER}\d{{4}}/\d\d/\d\d/(\d{{4}}-\d\d-\d\dT\d{{6}}Z)\.jsonl\.gz")


def name_of(taken: datetime) -> str:
    """The name of a snapshot in the store."""
    at = taken.astimezone(UTC)
    return f"{FOLDER}{at:%Y/%m/%d}/{at:%Y-%m-%dT%H%M%SZ}.jsonl.gz"


def drift_name(seen: datetime) -> str:
    """The name of what had drifted, beside the snapshot that shows it; it stays when snapshots are thinned out."""
    at = seen.astimezone(UTC)
    return f"{FOLDER}{at:%Y/%m/%d}/{at:%Y-%m-%dT%H%M%SZ}-drift.json"


def taken_at(name: str) -> datetime | None:
    """When a snapshot was taken; None for what has no such name."""
    found = _NAME.fullmatch(name)
    return datetime.strptime(found[1], "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC) if found else None


def keep(store: EvidenceStore, file: Path) -> tuple[str, list[str]]:
    """Keep the snapshot in a file and thin out older ones. Where it is, and what could not be removed.

    Raises MeshformError where it cannot be kept, and BadSnapshot.
    """
    taken = opened(file)[0].taken
    where = store.write(name_of(taken), file.read_bytes())
    troubles: list[str] = []
    for name in superfluous(store.names(FOLDER, below=True), taken):
        try:
            store.remove(name)
        except MeshformError as error:
            # A locked one: it stays until its term is over, which is what it is locked for.
            troubles.append(str(error))
            break
    return where, troubles


def look_and_keep(
    mesh: Mesh, sessions: Sessions, store: EvidenceStore, progress: Progress = silent
) -> tuple[Observation, str, list[str]]:
    """What AWS has, read once and kept; where it is kept, and what could not be removed."""
    kinds = registry()
    with TemporaryDirectory(prefix="meshform-") as folder:
        file = Path(folder) / "snapshot"
        take(mesh, sessions, file, progress=progress)
        where, troubles = keep(store, file)
        return observation_for(read(file, kinds), mesh, kinds, where), where, troubles


def looked_up(mesh: Mesh, store: EvidenceStore, name: str) -> Observation:
    """What AWS had by a kept snapshot.

    Raises MeshformError where it is of another mesh, and where it was taken at another time than its name says: by its
    name a day finds it, and whoever can write beside the journal could answer for a day with the file of another.
    """
    kinds = registry()
    with TemporaryDirectory(prefix="meshform-") as folder:
        file = Path(folder) / "snapshot"
        file.write_bytes(store.read(name))
        kept, where, named = read(file, kinds), f"{store.place}/{name}", taken_at(name)
    if named is None or abs(kept.header.taken - named) > _APART:
        raise MeshformError(
            f"{where} was taken at {kept.header.taken.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC, as it says itself, and "
            "not when its name says: somebody has put it there under another name, so it answers for no day. Look at "
            "who wrote it (versions of the bucket, CloudTrail), and move it away."
        )
    return observation_for(kept, mesh, kinds, where)


def superfluous(names: Iterable[str], now: datetime) -> Iterator[str]:
    """The snapshots that are not kept any longer, of these names."""
    known = sorted((at, name) for name in names if (at := taken_at(name)) is not None)
    days: set[date] = set()
    months: set[tuple[int, int]] = set()
    for at, name in known:
        first_of_day, first_of_month = at.date() not in days, (at.year, at.month) not in months
        days.add(at.date())
        months.add((at.year, at.month))
        age = now - at
        if age > ALL_FOR and not first_of_month and (age > DAILY_FOR or not first_of_day):
            yield name


def nearest(store: EvidenceStore, day: date) -> tuple[str, datetime] | None:
    """The last snapshot up to the end of a day (UTC); where there is none, the first one after it; None without any."""
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    known = sorted((at, name) for name in store.names(FOLDER, below=True) if (at := taken_at(name)) is not None)
    before = [each for each in known if each[0] < end]
    found = before[-1] if before else known[0] if known else None
    return (found[1], found[0]) if found is not None else None
