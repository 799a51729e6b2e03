"""demo: play the whole story on the simulated AWS, in one process."""

from __future__ import annotations

import time
from pathlib import Path

import click

from reconciler.cli import show
from reconciler.cli.options import common, without_sandbox


@click.command(epilog="Example: meshform demo")
@click.option("--mesh", "folder", metavar="DIR", help="Folder of a mesh like the example. Default: the example itself.")
@common
def command(folder: str | None, quiet: bool, verbose: int) -> None:
    """Validate, plan, apply over the accounts, plan again, query, drift, pull request: all on the sandbox."""
    del verbose
    try:
        from reconciler.sandbox import sandbox
    except ImportError as error:
        raise without_sandbox(error) from error
    from reconciler.demo.example import EXAMPLE
    from reconciler.demo.story import INDENT, play

    def title(text: str) -> None:
        click.secho(f"\n{text}", bold=True)

    def say(text: str) -> None:
        if not quiet:
            show.lines([f"{' ' * INDENT}{text}"])

    started = time.monotonic()
    with sandbox() as aws:
        play(aws, Path(folder) if folder else EXAMPLE, title, say)
    click.secho(f"\nThe story took {time.monotonic() - started:.1f} s. No AWS account was involved.", bold=True)
