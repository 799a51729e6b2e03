"""greet: say hello to a mesh."""

from __future__ import annotations

import click

from reconciler.cli.options import common


@click.command(epilog="Example: meshform greet bank")
@click.argument("name")
@common
def command(name: str, quiet: bool, verbose: int) -> None:
    """Say hello to the mesh NAME."""
    click.echo(f"Hello, {name}.")
