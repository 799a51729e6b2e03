"""list: the documents of a mesh and their parts."""

from __future__ import annotations

import click

from reconciler.catalog.names import KINDS
from reconciler.cli import show
from reconciler.cli.options import common, format_option, mesh_of, mesh_option, reader_option


@click.command("list", epilog="Example: meshform list products")
@click.argument("what", metavar="WHAT", type=click.Choice(KINDS))
@mesh_option
@reader_option
@format_option("text", "json", "markdown", "csv")
@common
def command(what: str, folder: str, reader: str | None, form: str, quiet: bool, verbose: int) -> None:
    """List products, tables, columns, subscriptions, consumers, domains, tags, teams or accounts."""
    del verbose
    from reconciler import pipeline
    from reconciler.catalog.listing import NOT_READ, address_of, records, table_of
    from reconciler.catalog.reading import reads_of
    from reconciler.report.table import table_csv, table_markdown
    from reconciler.spec.today import today

    mesh = mesh_of(pipeline.load_folder(folder), quiet=True)
    rows = records(mesh, what, today())
    if reader:
        if what not in ("products", "tables", "columns", "subscriptions"):
            raise click.UsageError(NOT_READ)
        reads = reads_of(mesh, reader)
        rows = [{**row, "reads": reads.of(address_of(what, row))} for row in rows]
    match form:
        case "json":
            show.data({"version": 1, what: rows})
        case "csv":
            click.echo(table_csv(table_of(what, rows)), nl=False)
        case "markdown":
            show.lines(table_markdown(table_of(what, rows)))
        case _:
            if rows:
                show.table(table_of(what, rows))
            elif not quiet:
                show.note(f"The mesh has no {what}.")
