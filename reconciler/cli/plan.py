"""plan: show what apply would change in AWS, and what a change asks for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.options import (
    changed_option,
    common,
    format_option,
    mesh_of,
    mesh_option,
    snapshot_option,
    standing_findings,
    valid_mesh_of,
)
from reconciler.cli.signed_in import signed_in
from reconciler.cli.terminal import width
from reconciler.errors import Incomplete

if TYPE_CHECKING:
    from reconciler.access import TableId
    from reconciler.aws.sessions import Sessions
    from reconciler.plan.remade import Untagged
    from reconciler.spec.mesh import Mesh


@click.command(epilog="Example: meshform plan --base origin/main --format json > plan.json")
@mesh_option
@click.option("--base", metavar="REF", help="Also show what the mesh asks for since this commit.")
@click.option("--offline", is_flag=True, help="Only that: AWS is not called. Needs --base.")
@changed_option
@snapshot_option
@click.option(
    "--detailed-exitcode", is_flag=True, help="Exit with 2 when there are changes, with 1 when not everything was seen."
)
@format_option("text", "json")
@common
def command(
    folder: str,
    base: str | None,
    offline: bool,
    changed_since: str | None,
    snapshot: Path | None,
    detailed_exitcode: bool,
    form: str,
    quiet: bool,
    verbose: int,
) -> None:
    """Compare the mesh with AWS and show what would change. Nothing is changed."""
    if offline and base is None:
        raise click.UsageError("--offline shows what has changed since a commit: give it with --base REF.")
    if changed_since is not None and (offline or base not in (None, changed_since)):
        raise click.UsageError("--changed-since REF is a plan against AWS with --base REF: give neither of the others.")
    if snapshot is not None and (offline or changed_since is not None):
        raise click.UsageError("--snapshot FILE is what AWS had: give neither --offline nor --changed-since.")
    base = base or changed_since
    from reconciler import pipeline
    from reconciler.report.json_v1 import plan_json
    from reconciler.report.table import WIDE
    from reconciler.report.text import plan_text
    from reconciler.spec.yaml.parse_cache import user_parse_cache

    parse_cache = user_parse_cache()
    loaded = pipeline.load_folder(folder, parse_cache)
    before = pipeline.load_commit(folder, base, loaded, parse_cache) if base else None
    mesh = mesh_of(loaded, quiet=quiet, base=before)
    old = valid_mesh_of(before) if before is not None else None
    observation = sessions = None
    if snapshot is not None:
        observation = show.snapshot(mesh, snapshot, quiet=quiet)
    elif not offline:
        read_scope = pipeline.changed_since(changed_since, old, mesh) if changed_since and old else None
        sessions = None if read_scope is not None and read_scope.is_empty else signed_in(mesh, writes=False)
        with show.progress("Reading AWS", quiet=quiet) as say:
            observation = pipeline.look(mesh, sessions, say, read_scope)
    reviewed = pipeline.review(
        mesh,
        observation=observation,
        base=old,
        base_name=base,
        findings=() if form == "text" else loaded.findings,
        standing=() if form == "text" else standing_findings(loaded, before),
        made_since=partial(_made_since, mesh, sessions),
    )
    if form == "json":
        show.data(plan_json(reviewed))
    else:
        show.lines(plan_text(reviewed, verbose, width() or WIDE))
    changes = bool(reviewed.asked) if reviewed.plan is None else not reviewed.plan.is_empty
    if detailed_exitcode and changes:
        raise click.exceptions.Exit(2)
    if detailed_exitcode and reviewed.plan is not None and reviewed.plan.gaps:
        raise Incomplete("Not everything was seen, so there may be changes that are not shown.")


def _made_since(mesh: Mesh, sessions: Sessions | None, tables: Mapping[TableId, Untagged]) -> frozenset[TableId]:
    """The journal is read only where a table has to be explained."""
    from reconciler.history.made_since import made_since

    return made_since(mesh, sessions, tables)
