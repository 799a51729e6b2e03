"""rename-column: a column gets another name."""

from __future__ import annotations

from functools import partial

import click

from reconciler.cli.answer import answer, last_day, need
from reconciler.cli.options import base_option, common, mesh_option, valid_mesh_of
from reconciler.cli.proposing import need_forge
from reconciler.cli.retire import announce


@click.command("rename-column", epilog="Example: meshform rename-column fund_price.currency currency_code")
@click.argument("column", metavar="[TABLE.COLUMN]", required=False)
@click.argument("new", metavar="[NAME]", required=False)
@mesh_option
@click.option("--until", metavar="DATE", help="Last day of the old name, such as 2027-06-30.")
@click.option("--propose", is_flag=True, help="Open the pull request.")
@base_option
@common
def command(
    column: str | None,
    new: str | None,
    folder: str,
    until: str | None,
    propose: bool,
    base: str,
    quiet: bool,
    verbose: int,
) -> None:
    """Give COLUMN another NAME, and say who reads it.

    Where files have the names of their columns (Parquet, JSON, Avro) both are there until the day, with the same
    labels, for the same readers; then the old one goes. Where a column is its place or its id (CSV, ORC, Iceberg) the
    files stay as they are, and it is called otherwise after the day. `meshform expire --propose` proposes that.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.making.announcing import new_name, renamed
    from reconciler.making.things import column_of

    need_forge(is_proposed=propose)
    need({"TABLE.COLUMN": column, "NAME": new, "--until": until})
    before = valid_mesh_of(pipeline.load_folder(folder, is_standing=True))
    chosen = answer(column, "Which column (table.column)", "TABLE.COLUMN", partial(column_of, before))
    name = answer(new, f"What {chosen.name} is called from now on", "NAME", partial(new_name, chosen))
    last = answer(until, f"Last day of the name {chosen.name}", "--until", last_day)
    edits = renamed(before, chosen, name, last)
    announce(folder, edits, chosen, f"Rename {chosen.name} to {name}", base if propose else None, quiet=quiet)
