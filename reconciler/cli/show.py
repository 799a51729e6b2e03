"""Showing: coloured lines on stdout, progress on stderr when it is a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from reconciler.cli.options import is_terminal

_COLORS = {"+": "green", "~": "yellow", "-": "red", "!": "magenta"}


def lines(texts: Iterable[str], *, err: bool = False) -> None:
    """Lines on stdout (`err`: stderr), coloured by the mark that they begin with."""
    for text in texts:
        mark = text.lstrip()[:2]
        color = _COLORS.get(mark[0]) if mark[1:] == " " else None
        click.secho(text, fg=color, err=err) if color else click.echo(text, err=err)


def data(document: Any) -> None:
    """A document as JSON on stdout."""
    click.echo(json.dumps(document, indent=2, sort_keys=False, default=str))


@contextmanager
def progress(title: str, *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """A line on stderr that says what is being done now; nothing when nobody watches."""
    if quiet or not is_terminal():
        yield lambda _: None
        return
    from rich.console import Console

    console = Console(stderr=True)
    done = 0
    with console.status(f"{title} ...") as status:

        def say(text: str) -> None:
            nonlocal done
            done += 1
            status.update(f"{title}: {done}  {text}")

        yield say
