"""A command line read as click reads it, and not carried out."""

from __future__ import annotations

from typing import Any

import click

from reconciler.cli import cli


def parse(words: list[str]) -> None:
    """Raises UsageError where there is no such command or option."""
    command: click.Command = cli
    # With its settings: a command keeps the first option for help that it makes, for whoever asks later.
    context = click.Context(cli, **cli.context_settings)
    while isinstance(command, click.Group) and words:
        if words[0].startswith("-"):
            break
        found: Any = command.get_command(context, words[0])
        if found is None:
            if command is cli:
                raise click.UsageError(f"no command {words[0]}")
            break
        command, words = found, words[1:]
        context = click.Context(command, parent=context)
    try:
        _, more, _ = command.make_parser(context).parse_args(list(words))
    except click.BadOptionUsage:
        # An option that is named, without its value.
        return
    if more and not isinstance(command, click.Group):
        raise click.UsageError(f"nothing takes {' '.join(more)}")
