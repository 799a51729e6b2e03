"""kinds: list the kinds of AWS resource that Meshform keeps."""

from __future__ import annotations

import click

from reconciler.cli import show
from reconciler.cli.options import common, format_option


@click.command(epilog="Example: meshform kinds --format json")
@format_option("text", "json")
@common
def command(form: str, quiet: bool, verbose: int) -> None:
    """List the kinds of AWS resource, and with -v the actions that each needs."""
    del quiet
    from reconciler.kinds import registry
    from reconciler.report.table import Table

    kinds = registry().values()
    if form == "json":
        show.data(
            [
                {"kind": kind.name, "summary": kind.summary, "reads": list(kind.reads), "writes": list(kind.writes)}
                for kind in kinds
            ]
        )
        return
    headings = ("kind", "what it is", *(("reads", "writes") if verbose else ()))
    rows = [
        (kind.name, kind.summary, *((", ".join(kind.reads), ", ".join(kind.writes)) if verbose else ()))
        for kind in kinds
    ]
    show.table(Table(headings, tuple(rows)))
