"""drift: show where AWS is no longer as the mesh says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.options import common, format_option, mesh_of, mesh_option, snapshot_option
from reconciler.errors import Incomplete

if TYPE_CHECKING:
    from reconciler.plan.review import Review


@click.command(epilog="Example: meshform drift --format json")
@mesh_option
@click.option("--issue", is_flag=True, help="Tell it in an issue of the GitHub repository; close it when all is well.")
@click.option("--author", default="github-actions[bot]", show_default=True, help="Whom the token belongs to.")
@snapshot_option
@format_option("text", "json")
@common
def command(folder: str, issue: bool, author: str, snapshot: Path | None, form: str, quiet: bool, verbose: int) -> None:
    """Compare AWS with the mesh and say what changed, by whom and when AWS tells it.

    Exits with 2 if anything did, unless it is told in an issue.
    """
    from reconciler import pipeline
    from reconciler.report.drift import broken_invariants, drift_text
    from reconciler.report.json_v1 import plan_json

    mesh = mesh_of(pipeline.load_folder(folder), quiet=quiet)
    if snapshot is not None:
        observation = show.snapshot(mesh, snapshot, quiet=quiet)
    else:
        sessions = pipeline.sessions_for(mesh, writes=False)
        show.identity(sessions, mesh, quiet=quiet)
        with show.progress("Reading AWS", quiet=quiet) as say:
            observation = pipeline.look(mesh, sessions, say)
    reviewed = pipeline.review(mesh, observation=observation)
    assert reviewed.plan is not None
    broken = broken_invariants(reviewed)
    if form == "json":
        show.data(plan_json(reviewed))
    else:
        show.lines(drift_text(reviewed, verbose))
    if issue:
        _tell(folder, reviewed, author)
    elif not reviewed.plan.is_empty or reviewed.plan.added_rights or reviewed.plan.unmet or broken:
        raise click.exceptions.Exit(2)
    if reviewed.plan.gaps:
        raise Incomplete("Not everything was seen, so there may be drift that is not shown.")


def _tell(folder: str, reviewed: Review, author: str) -> None:
    """Open, update or close the issue. What was not seen is no reason to close it."""
    from reconciler.forge import here
    from reconciler.report.drift_issue import body, marker, title

    assert reviewed.plan is not None
    forge, run = here.forge(), here.job().url
    if not reviewed.plan.is_empty or reviewed.plan.added_rights or reviewed.plan.unmet:
        posted = forge.upsert_issue(marker(folder), title(reviewed), body(folder, reviewed, run), author)
    elif reviewed.plan.is_complete:
        posted = forge.close_issue(marker(folder), "AWS is as the mesh says again.", author)
    else:
        return
    if posted.url:
        click.echo(f"{posted.action.capitalize()} {posted.url}", err=True)
