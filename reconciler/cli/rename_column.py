"""rename-column: a column gets another name."""

from __future__ import annotations

import click

from reconciler.cli.answer import answer, last_day
from reconciler.cli.options import common, mesh_option, valid_mesh_of
from reconciler.cli.retire import announce


@click.command("rename-column", epilog="Example: meshform rename-column fund_price.currency currency_code")
@click.argument("column", metavar="TABLE.COLUMN")
@click.argument("new", metavar="NAME")
@mesh_option
@click.option("--until", metavar="DATE", help="Last day of the old name, such as 2027-06-30.")
@click.option("--propose", is_flag=True, help="Open the pull request.")
@click.option("--base", default="main", show_default=True, metavar="BRANCH", help="Where the pull request leads to.")
@common
def command(
    column: str, new: str, folder: str, until: str | None, propose: bool, base: str, quiet: bool, verbose: int
) -> None:
    """Give COLUMN another NAME, and say who reads it.

    Where files have the names of their columns (Parquet, JSON, Avro) both are there until the day, with the same
    labels, for the same readers; then the old one goes. Where a column is its place or its id (CSV, ORC, Iceberg) the
    files stay as they are, and it is called otherwise after the day. `meshform expire --propose` proposes that.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.making.announcing import renamed
    from reconciler.making.things import thing_of

    before = valid_mesh_of(pipeline.load_folder(folder, is_standing=True))
    chosen = thing_of(before, column)
    last = answer(until, f"Last day of the name {chosen.name}", "--until", last_day)
    edits = renamed(before, chosen, new.strip(), last)
    announce(folder, edits, chosen, f"Rename {chosen.name} to {new.strip()}", base if propose else None, quiet=quiet)
