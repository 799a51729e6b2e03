"""history: what was asked, who approved it, when it was applied, and who gained and lost what."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, cast

import click

from reconciler.cli import show
from reconciler.cli.day import Day
from reconciler.cli.evidence import index_option, line_and_store
from reconciler.cli.options import common, format_option, mesh_option

if TYPE_CHECKING:
    from reconciler.history.matter import MatterKind

_DAY = Day()
_KINDS = ("product", "table", "column", "subscription", "consumer", "principal")


@click.command(epilog="Example: meshform history subscription portfolio-report --since 2026-11-01")
@click.argument("kind", required=False, metavar="[KIND", type=click.Choice(_KINDS))
@click.argument("name", required=False, metavar="NAME]")
@mesh_option
@click.option("--since", type=_DAY, metavar="DAY", help="From this day on, such as 2026-11-01 (UTC).")
@click.option("--until", type=_DAY, metavar="DAY", help="Up to this day, included.")
@click.option("--ref", metavar="REF", help="The main branch, where it is not origin's or main.")
@index_option
@format_option("text", "json", "csv")
@common
def command(
    kind: str | None,
    name: str | None,
    folder: str,
    since: datetime | None,
    until: datetime | None,
    ref: str | None,
    index: str,
    form: str,
    quiet: bool,
    verbose: int,
) -> None:
    """Tell what was asked, who approved it, when it was applied, and who gained and lost what.

    KIND is product, table (its NAME: database.table), column (table.column), subscription, consumer or principal;
    without it everything is told. It comes from the main branch and the journal.
    """
    del verbose
    if (kind is None) != (name is None):
        raise click.UsageError(f"Say of what and its name, such as `product orders`; kinds are {', '.join(_KINDS)}.")
    from reconciler.history.matter import Matter
    from reconciler.history.recorded import recorded
    from reconciler.report.history import history_table, history_text
    from reconciler.report.table import table_csv

    line, store, shown = line_and_store(folder, ref, quiet=quiet)
    with recorded(line, shown, store, index) as known:
        found = known.history(Matter(cast("MatterKind", kind or ""), name or ""), _day(since), _day(until))
        troubles = known.troubles
    rows = [each.as_json() for each in found]
    match form:
        case "json":
            show.data({"version": 1, "ref": line.ref, "is_shallow": line.is_shallow, "events": rows})
        case "csv":
            click.echo(table_csv(history_table(rows)), nl=False)
        case _:
            show.lines(history_text(rows))
            if not rows and not quiet:
                show.note("Nothing happened in these days.")
    for each in troubles:
        show.note(f"warning: {each}")


def _day(given: datetime | None) -> date | None:
    return given.date() if given is not None else None
