"""drift: show where AWS is no longer as the mesh says."""

from __future__ import annotations

import click

from reconciler.cli import show
from reconciler.cli.options import common, format_option, mesh_of, mesh_option


@click.command(epilog="Example: meshform drift --format json")
@mesh_option
@format_option("text", "json")
@common
def command(folder: str, form: str, quiet: bool, verbose: int) -> None:
    """Compare AWS with the mesh and say what changed, by whom and when AWS tells it. Exits with 2 if anything did."""
    from reconciler import pipeline
    from reconciler.report.drift import drift_text
    from reconciler.report.json_v1 import plan_json

    mesh = mesh_of(pipeline.load_folder(folder), quiet=quiet)
    sessions = pipeline.sessions_for(mesh, writes=False)
    with show.progress("Reading AWS", quiet=quiet) as say:
        observation = pipeline.look(mesh, sessions, say)
    reviewed = pipeline.review(mesh, observation=observation)
    assert reviewed.plan is not None
    if form == "json":
        show.data(plan_json(reviewed))
    else:
        show.lines(drift_text(reviewed, verbose))
    if not reviewed.plan.is_empty:
        raise click.exceptions.Exit(2)
