"""show: everything about one thing of the mesh."""

from __future__ import annotations

import click

from reconciler.cli import show
from reconciler.cli.options import common, format_option, mesh_of, mesh_option
from reconciler.cli.terminal import width


@click.command("show", epilog="Example: meshform show credit-profile")
@click.argument("name", metavar="NAME")
@mesh_option
@format_option("text", "json")
@common
def command(name: str, folder: str, form: str, quiet: bool, verbose: int) -> None:
    """Show a product, table, column, subscription, consumer, domain, tag, team or account: what it is, what it has, and
    who reads it for what until when, as the mesh asks for it.

    Tables and columns are `product.table` and `product.table.column`, or shorter where that is one thing.
    """
    del quiet, verbose
    from reconciler import pipeline
    from reconciler.access import evaluate, principal_directory
    from reconciler.catalog.shown import lines, shown
    from reconciler.kinds import registry
    from reconciler.plan.compile import compile_mesh
    from reconciler.report.table import WIDE
    from reconciler.spec.today import today

    mesh = mesh_of(pipeline.load_folder(folder), quiet=True)
    access = evaluate(compile_mesh(mesh, registry()), principal_directory(mesh))
    thing = shown(mesh, access, name, today())
    if form == "json":
        show.data(thing.as_json())
    else:
        for line in lines(thing, width() or WIDE):
            click.echo(line)
