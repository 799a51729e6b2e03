"""usage: when who last used what he may read."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli import show
from reconciler.cli.options import common, format_option, mesh_of, mesh_option


@click.command(epilog="Example: meshform usage --unused 90 --format csv")
@mesh_option
@click.option("--unused", type=click.IntRange(1), metavar="DAYS", help="Only what was not used for so many days.")
@click.option(
    "--records",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH",
    help="Files of a CloudTrail trail, or a folder of them, in the place of the last 90 days. May be repeated.",
)
@format_option("text", "json", "csv")
@common
def command(folder: str, unused: int | None, records: tuple[Path, ...], form: str, quiet: bool, verbose: int) -> None:
    """Say of every subscription, principal and table when it was last used, as CloudTrail tells it.

    What is not known is no reason to take anything away: it is told as not known, and never as unused.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.aws.use_history import now, recorded, use_history
    from reconciler.report.table import table_csv
    from reconciler.report.usage import usage_json, usage_table
    from reconciler.spec import placements
    from reconciler.usage import last_uses, uses

    mesh = mesh_of(pipeline.load_folder(folder), quiet=quiet)
    today = now()
    if records:
        history = recorded(records, (account.id for account in mesh.accounts.values()))
    else:
        sessions = pipeline.sessions_for(mesh, writes=False)
        show.identity(sessions, mesh, quiet=quiet)
        readers = [account for account in mesh.accounts.values() if mesh.consumers_in(account)]
        places = [place for account in readers for place in placements.in_account(mesh, account)]
        with show.progress("Asking CloudTrail", quiet=quiet):
            history = use_history(sessions, places, today)
    rows = last_uses(mesh, uses(history.calls), history.known_since)
    unsure = 0
    if unused is not None:
        unsure = sum(row.is_unused(unused, today) is None for row in rows)
        rows = tuple(row for row in rows if row.is_unused(unused, today))
    match form:
        case "json":
            show.data(usage_json(rows, history.refused))
        case "csv":
            click.echo(table_csv(usage_table(rows, mesh)), nl=False)
        case _ if rows:
            show.table(usage_table(rows, mesh))
        case _ if not quiet:
            click.echo("Nothing is unused." if unused is not None else "The mesh has no subscriptions.", err=True)
    for why in history.refused:
        click.echo(f"! not known in {why}", err=True)
    if unsure:
        click.echo(f"! of {unsure} more it is not known whether they were used in {unused} days", err=True)
