"""drift: show where AWS is no longer as the mesh says."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli import show
from reconciler.cli.options import author_option, common, format_option, mesh_of, mesh_option, snapshot_option
from reconciler.cli.signed_in import signed_in, signed_in_to_keep, signed_in_to_look_and_write
from reconciler.errors import Incomplete
from reconciler.model.progress import Progress

if TYPE_CHECKING:
    from reconciler.aws.sessions import Sessions
    from reconciler.healing import Healed
    from reconciler.model.resource import Observation
    from reconciler.report.drift import Drift
    from reconciler.spec.mesh import Mesh


@click.command(epilog="Example: meshform drift --format json")
@mesh_option
@click.option("--issue", is_flag=True, help="Tell it in an issue of the repository; close it when all is well.")
@author_option
@click.option("--keep", is_flag=True, help="Keep what was read, and drifted, beside the journal (`access --on`).")
@click.option(
    "--events",
    "queue",
    envvar="MESHFORM_EVENTS",
    metavar="QUEUE",
    help="Read only what the management events in this SQS queue of the central account have touched.",
)
@click.option("--heal", is_flag=True, help="Set back what others changed, as far as mesh.yaml lets it (drift.heal).")
@snapshot_option
@format_option("text", "json")
@common
def command(
    folder: str,
    issue: bool,
    author: str | None,
    keep: bool,
    queue: str | None,
    heal: bool,
    snapshot: Path | None,
    form: str,
    quiet: bool,
    verbose: int,
) -> None:
    """Compare AWS with the mesh and say what changed, by whom and when AWS tells it.

    Exits with 2 if anything did, unless it is told in an issue.
    """
    from reconciler import pipeline, watching
    from reconciler.report.drift import Drift, drift_json
    from reconciler.report.drift_text import drift_text

    if keep and snapshot is not None:
        raise click.UsageError("--keep keeps what is read of AWS, and --snapshot reads nothing. Choose one.")
    if queue is not None and (keep or snapshot is not None):
        raise click.UsageError("--events reads a part of AWS; --keep and --snapshot are about all of it. Choose one.")
    mesh = mesh_of(pipeline.load_folder(folder), quiet=quiet)
    if heal and snapshot is not None:
        raise click.UsageError("--heal writes to AWS, and --snapshot looks into a file. Choose one.")
    sessions, writes, keeps, events = None, None, None, None
    if snapshot is not None:
        drift = Drift(pipeline.review(mesh, observation=show.snapshot(mesh, snapshot, quiet=quiet)))
    else:
        if heal:
            sessions, writes = signed_in_to_look_and_write(mesh)
        else:
            sessions = signed_in(mesh, writes=False)
        keeps = _keeping(mesh, sessions) if keep else None
        events = watching.Watch(mesh, sessions, queue) if queue is not None else None
        with show.progress("Reading AWS", quiet=quiet) as say:
            drift = (
                events.drift(say)
                if events is not None
                else watching.drift(mesh, sessions, say, partial(_kept, keeps) if keeps is not None else pipeline.look)
            )
    if form == "json":
        show.data(drift_json(drift))
    else:
        show.lines(drift_text(drift, verbose))
    if keeps is not None and drift.is_there:
        _keep_drift(mesh, keeps, drift_json(drift))
    healed = _healed(mesh, drift, sessions, writes) if sessions is not None and writes is not None else None
    if sessions is not None and ((healed is not None and healed.result is not None) or (issue and events)):
        # What is left, and of events what else has drifted: the issue says everything.
        drift = watching.drift(mesh, sessions) if drift.is_there else drift
    if issue:
        _tell(folder, drift, author)
    if events is not None and not drift.plan.gaps:
        again = events.done()
        if again:
            show.note(f"note: {again} messages could not be deleted and will be told again")
    if healed is not None and healed.error is not None:
        raise healed.error
    if drift.is_there and not issue:
        raise click.exceptions.Exit(2)
    if drift.plan.gaps:
        raise Incomplete("Not everything was seen, so there may be drift that is not shown.")


def _healed(mesh: Mesh, drift: Drift, looks: Sessions, writes: Sessions) -> Healed:
    """Set back what may be, and say what was and what was not."""
    from datetime import UTC, datetime

    from reconciler import healing
    from reconciler.forge.here import job
    from reconciler.report.run import run_text

    found = healing.heal(mesh, drift, looks, writes, job(), datetime.now(UTC))
    for said in found.left:
        show.note(f"! {said}")
    if found.result is None:
        show.note("Nothing was set back.")
    else:
        show.lines(run_text(found.result.run, found.result.journal, found.result.troubles), err=True)
    return found


def _kept(keeps: Sessions, mesh: Mesh, sessions: Sessions, say: Progress) -> Observation:
    """What AWS has, read once and kept."""
    from reconciler.aws.evidence_store import evidence_store
    from reconciler.snapshots.keeping import look_and_keep

    store = evidence_store(mesh, keeps)
    observation, where, troubles = look_and_keep(mesh, sessions, store, say)
    show.note(f"Kept {where}")
    for each in troubles:
        show.note(f"note: {each}")
    return observation


def _keeping(mesh: Mesh, sessions: Sessions) -> Sessions:
    """As whom evidence is added to a bucket."""
    return signed_in_to_keep(mesh, sessions) if mesh.settings.journal.bucket is not None else sessions


def _keep_drift(mesh: Mesh, keeps: Sessions, told: dict[str, Any]) -> None:
    """Keep what has drifted, and who did it: CloudTrail forgets it after 90 days, and a closed issue can be edited."""
    import json
    from datetime import UTC, datetime

    from reconciler.aws.evidence_store import evidence_store
    from reconciler.snapshots.keeping import drift_name

    body = json.dumps({"mesh": mesh.name, **told}, indent=2, default=str) + "\n"
    where = evidence_store(mesh, keeps).write(drift_name(datetime.now(UTC)), body.encode())
    show.note(f"Kept {where}")


def _tell(folder: str, drift: Drift, author: str | None) -> None:
    """Open, update or close the issue. What was not seen, or not looked at, is no reason to close it."""
    from reconciler.forge import here
    from reconciler.report.drift_issue import body, marker, title

    forge, run = here.forge(), here.job().url
    if drift.is_there:
        posted = forge.upsert_issue(marker(folder), title(drift), body(folder, drift, run), author)
    elif not drift.plan.gaps and drift.plan.read_scope is None:
        posted = forge.close_issue(marker(folder), "AWS is as the mesh says again.", author)
    else:
        return
    if posted.url:
        show.note(f"{posted.action.capitalize()} {posted.url}")
