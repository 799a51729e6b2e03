"""promises: what owners promise of freshness and quality, and whether it is so."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.options import author_option, common, format_option, mesh_of, mesh_option, snapshot_option
from reconciler.cli.signed_in import signed_in

if TYPE_CHECKING:
    from reconciler.measures.promises import Measures, Promise
    from reconciler.spec.mesh import Mesh


@click.command(epilog="Example: meshform promises --snapshot today.jsonl.gz")
@mesh_option
@click.option("--issue", is_flag=True, help="Tell each owner in an issue what is broken; close it when all is well.")
@author_option
@snapshot_option
@format_option("text", "json")
@common
def command(
    folder: str, issue: bool, author: str | None, snapshot: Path | None, form: str, quiet: bool, verbose: int
) -> None:
    """Measure how new the data are and what the latest quality runs said, and say which promises are kept.

    Exits with 2 if one is broken, unless it is told in an issue. What could not be seen is told, and is not broken.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.measures.promises import promises
    from reconciler.report.promises import promises_json, promises_text

    mesh = mesh_of(pipeline.load_folder(folder), quiet=quiet)
    measures, now = _measured(mesh, snapshot, quiet=quiet)
    found = tuple(promises(mesh, measures, now))
    if form == "json":
        show.data(promises_json(found, now))
    else:
        show.lines(promises_text(found))
    if issue:
        _tell(mesh, folder, found, author)
    elif any(each.state == "broken" for each in found):
        raise click.exceptions.Exit(2)


def _measured(mesh: Mesh, snapshot: Path | None, *, quiet: bool) -> tuple[Measures, datetime]:
    """What was measured, and when: now, or when a snapshot was written."""

    if snapshot is not None:
        from reconciler.kinds import registry
        from reconciler.snapshots.file import read

        kept = read(snapshot, registry())
        return kept.measures, kept.header.taken
    from reconciler.aws.measuring import measured

    sessions = signed_in(mesh, writes=False)
    with show.progress("Measuring", quiet=quiet) as say:
        measures, gaps = measured(mesh, sessions, say)
    for gap in gaps:
        show.note(f"! not seen in {gap.placement}: {gap.reason}")
    return measures, datetime.now(UTC)


def _tell(mesh: Mesh, folder: str, found: Collection[Promise], author: str | None) -> None:
    """An issue for each owner with something broken. It is closed when all of his is kept, not when it was not seen."""
    from reconciler.forge.here import forge
    from reconciler.report.promises import body, marker, prefix, title

    by_owner: dict[str, list[Promise]] = {}
    for each in found:
        by_owner.setdefault(each.owner, []).append(each)
    here, posted = forge(), []
    for owner, theirs in sorted(by_owner.items()):
        broken = [each for each in theirs if each.state == "broken"]
        if broken:
            text = body(mesh, folder, owner, broken)
            posted.append(here.upsert_issue(marker(folder, owner), title(owner, len(broken)), text, author))
    unsure = {marker(folder, each.owner) for each in found if each.state != "kept"}
    for old in here.open_issues(prefix(folder), author):
        if old not in unsure:
            posted.append(here.close_issue(old, "Everything that is promised is kept.", author))
    for one in posted:
        if one.url:
            show.note(f"{one.action.capitalize()} {one.url}")
