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

    kinds = registry().values()
    if form == "json":
        show.data(
            [
                {"kind": kind.name, "summary": kind.summary, "reads": list(kind.reads), "writes": list(kind.writes)}
                for kind in kinds
            ]
        )
        return
    for kind in kinds:
        click.echo(f"{kind.name:<18} {kind.summary}")
        if verbose:
            click.echo(f"{'':<18} reads  {', '.join(kind.reads)}")
            click.echo(f"{'':<18} writes {', '.join(kind.writes)}")
