"""show: everything about one thing of the mesh."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.options import common, format_option, mesh_of, mesh_option, reader_option, snapshot_option
from reconciler.cli.terminal import width

if TYPE_CHECKING:
    from reconciler.catalog.requests import Request
    from reconciler.measures.promises import Promise
    from reconciler.spec.mesh import Mesh


@click.command("show", epilog="Example: meshform show credit-profile")
@click.argument("name", metavar="NAME")
@mesh_option
@snapshot_option
@reader_option
@click.option("--requests", is_flag=True, help="With what became of requests, by git, the journal and the forge.")
@format_option("text", "json", "markdown")
@common
def command(
    name: str,
    folder: str,
    snapshot: Path | None,
    reader: str | None,
    requests: bool,
    form: str,
    quiet: bool,
    verbose: int,
) -> None:
    """Show a product, table, column, subscription, consumer, domain, tag, team or account: what it is, what it has, and
    who reads it for what until when, as the mesh asks for it.

    With --snapshot it says which promises of freshness and quality were kept when that was taken.
    Tables and columns are `product.table` and `product.table.column`, or shorter where that is one thing.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.access import evaluate, principal_directory
    from reconciler.catalog.listing import NOT_READ, address_of
    from reconciler.catalog.reading import reads_of
    from reconciler.catalog.shown import lines, shown
    from reconciler.catalog.shown_markdown import shown_markdown
    from reconciler.kinds import registry
    from reconciler.plan.compile import compile_mesh
    from reconciler.report.table import WIDE
    from reconciler.spec.today import today

    mesh = mesh_of(pipeline.load_folder(folder), quiet=True)
    access = evaluate(compile_mesh(mesh, registry()), principal_directory(mesh))
    thing = shown(mesh, access, name, today(), _promised(mesh, snapshot), _asked(mesh, folder, requests, quiet=quiet))
    if reader:
        where = address_of(f"{thing.kind}s", thing.fields)
        if not where:
            raise click.UsageError(NOT_READ)
        thing = replace(thing, reads=reads_of(mesh, reader, access).of(where))
    if form == "json":
        show.data(thing.as_json())
    elif form == "markdown":
        show.lines(shown_markdown(thing))
    else:
        show.lines(lines(thing, width() or WIDE))


def _promised(mesh: Mesh, snapshot: Path | None) -> tuple[Promise, ...]:
    """What is promised, and whether it was kept when a snapshot was taken."""
    if snapshot is None:
        return ()
    from reconciler.kinds import registry
    from reconciler.measures.promises import promises
    from reconciler.snapshots.file import read

    kept = read(snapshot, registry())
    return tuple(promises(mesh, kept.measures, kept.header.taken))


def _asked(mesh: Mesh, folder: str, wanted: bool, *, quiet: bool) -> tuple[Request, ...]:
    """What became of every request, where that is wanted."""
    if not wanted:
        return ()
    from reconciler.cli.requested import requests_of

    return requests_of(mesh, folder, quiet=quiet).rows
