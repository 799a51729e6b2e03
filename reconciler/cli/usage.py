"""usage: when who last used what he may read."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli import show
from reconciler.cli.options import common, format_option, mesh_of, mesh_option
from reconciler.cli.using import records_option


@click.command(epilog="Example: meshform usage --unused 90 --format csv")
@mesh_option
@click.option("--unused", type=click.IntRange(1), metavar="DAYS", help="Only what was not used for so many days.")
@records_option
@format_option("text", "json", "csv")
@common
def command(folder: str, unused: int | None, records: tuple[Path, ...], form: str, quiet: bool, verbose: int) -> None:
    """Say of every subscription, principal and table when it was last used, as CloudTrail tells it.

    What is not known is no reason to take anything away: it is told as not known, and never as unused.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.aws.use_history import now
    from reconciler.cli.using import used
    from reconciler.report.table import table_csv
    from reconciler.report.usage import usage_json, usage_table
    from reconciler.usage import last_uses

    mesh = mesh_of(pipeline.load_folder(folder), quiet=quiet)
    today = now()
    found, refused = used(mesh, records, today, quiet=quiet)
    rows = last_uses(mesh, found)
    unsure = 0
    if unused is not None:
        unsure = sum(row.is_unused(unused, today) is None for row in rows)
        rows = tuple(row for row in rows if row.is_unused(unused, today))
    match form:
        case "json":
            show.data(usage_json(rows, refused))
        case "csv":
            click.echo(table_csv(usage_table(rows, mesh)), nl=False)
        case _ if rows:
            show.table(usage_table(rows, mesh))
        case _ if not quiet:
            show.note("Nothing is unused." if unused is not None else "The mesh has no subscriptions.")
    if unsure:
        show.note(f"! of {unsure} more it is not known whether they were used in {unused} days")
