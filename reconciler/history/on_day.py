"""Which commit the main branch had on a day: by its first-parent history, never by what this clone remembers."""

from __future__ import annotations

import subprocess
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from reconciler.aws.evidence_store import EvidenceStore
from reconciler.errors import MeshformError
from reconciler.history.commits import instant, is_in
from reconciler.history.recorded import Line
from reconciler.history.update import entry, entry_names

_RUNS = 5
"""So many of the last runs are looked at for one that knew its commit."""


@dataclass(frozen=True, slots=True)
class Then:
    """A commit of the main branch, when it says itself that it came there, and its title.

    That is the clock of whoever made the commit. `applied` is when a run of the journal began on it, by the end of the
    day: then the branch had it. Without, nothing but that clock says so, and `proven` is the last one below it on which
    a run began. `doubtful` is the newest commit above it whose clock cannot be right, and which is not counted.
    """

    sha: str
    at: datetime
    title: str
    applied: datetime | None = None
    proven: Then | None = None
    doubtful: Then | None = None


def commit_on(line: Line, day: date, store: EvidenceStore | None = None) -> Then:
    """The newest commit that the main branch had at the end of a day (UTC).

    Each commit tells a time, which is its committer's clock: it may be wrong, or forged, where the branch moves by
    fast-forward. So no commit counts as older than one below it, and what the journal says outranks them all: on which
    commit the last run by then began, the branch had it, and what lies above it came later than that run.

    Raises MeshformError where that was before the first commit, or before this clone begins, and for a day to come.
    """
    now, end = datetime.now(UTC), datetime.combine(day + timedelta(days=1), time(), UTC)
    if end - timedelta(days=1) > now:
        raise MeshformError(f"{day} is yet to come.")
    every = [*_commits(line)]
    began, ran = _last_run(store, end, {each.sha for each in every}) if store is not None else (None, None)
    found: Then | None = None
    proven: Then | None = None
    latest: datetime | None = None
    for each in reversed(every):
        if each.sha == ran:
            # What lies below was there by then, too, whatever its clock says.
            found = proven = replace(each, applied=began)
            latest = began
            continue
        latest = max(latest or each.at, each.at)
        if latest < end:
            found = replace(each, proven=proven)
        elif found is not None and (each.at < end or each.at > now):
            found = replace(found, doubtful=each)
    if found is not None:
        return found
    oldest = every[-1] if every else None
    begins = f"{oldest.sha[:12]} of {oldest.at:%Y-%m-%d %H:%M} UTC" if oldest else "nowhere"
    if line.is_shallow:
        raise MeshformError(
            f"This clone is shallow and begins at {begins}, so what was asked for on {day} is not known here.",
            hints=("`git fetch --unshallow`; in GitHub Actions `fetch-depth: 0` of actions/checkout",),
        )
    raise MeshformError(f"The first commit of {line.ref} is {begins}: on {day} nothing was asked for.")


def _last_run(store: EvidenceStore, end: datetime, line: Collection[str]) -> tuple[datetime | None, str | None]:
    """When the last run before a time began on a commit of the main branch, and which."""
    for when, file in _runs_until(store, end - timedelta(seconds=1)):
        commit = entry(store, file).get("commit")
        if commit in line:
            return when, str(commit)
    return None, None


def _runs_until(store: EvidenceStore, end: datetime) -> list[tuple[datetime, str]]:
    """The last runs of the journal that began by a time, newest first."""
    began = (
        (datetime.strptime(file[:18], "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC), file) for file in entry_names(store)
    )
    return sorted((each for each in began if each[0] <= end), reverse=True)[:_RUNS]


def commit_at(line: Line, ref: str) -> Then:
    """The commit that a name stands for.

    Raises MeshformError where there is none, and for what a clone remembers of itself, such as `main@{yesterday}`.
    """
    if "@{" in ref:
        raise MeshformError(
            f"{ref} asks what this clone has had, not what the main branch had, so another clone answers otherwise.",
            hints=("the main branch on a day: `--on 2026-11-01`",),
        )
    return next(_commits(line, ref))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A run that applied a commit which the main branch has not got, as far as this clone knows."""

    began: datetime
    commit: str


def applied_elsewhere(line: Line, store: EvidenceStore, at: datetime) -> Elsewhere | None:
    """The last run of the journal that began by then, where its commit is none of the main branch.

    What it asked for AWS has, and by the main branch nobody asked for it. Raises MeshformError as the journal does.
    """
    for when, file in _runs_until(store, at):
        commit = entry(store, file).get("commit")
        if commit is not None:
            return None if is_in(line.top, str(commit), line.ref) else Elsewhere(when, str(commit))
    return None


def _commits(line: Line, ref: str | None = None) -> Iterator[Then]:
    """The commits of the main line from its newest one, or from `ref`, backwards."""
    asked = ["log", "--first-parent", "-z", "--format=%H %ct %s", "--end-of-options", ref or line.ref, "--"]
    try:
        done = subprocess.run(["git", "-C", str(line.top), *asked], capture_output=True, check=False)
    except OSError as error:
        raise MeshformError(f"git cannot be run: {error.strerror}. Install git.") from error
    if done.returncode != 0:
        raise MeshformError(
            f"There is no commit {ref or line.ref} here: {done.stderr.decode(errors='replace').strip()}"
        )
    for each in done.stdout.decode("utf-8", "replace").split("\0"):
        if each:
            sha, at, title = each.split(" ", 2)
            yield Then(sha, instant(at), title)
