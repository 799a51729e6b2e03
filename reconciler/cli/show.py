"""Showing: coloured lines on stdout, progress on stderr when it is a terminal."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from reconciler.cli.options import is_terminal
from reconciler.report.wrapping import wrapped

_LITERAL = 6
_COLORS = {"+": "green", "~": "yellow", "-": "red", "!": "magenta"}


def width() -> int | None:
    """Columns of the terminal, or what COLUMNS says; None where output goes into a file or a pipe."""
    return shutil.get_terminal_size((0, 0)).columns or None


def lines(texts: Iterable[str], *, err: bool = False) -> None:
    """Lines on stdout (`err`: stderr), coloured by the mark that they begin with, wrapped at the terminal's width."""
    room = width()
    for text in texts:
        mark = text.lstrip()[:2]
        color = _COLORS.get(mark[0]) if mark[1:] == " " else None
        for line in fitted(text, room):
            click.secho(line, fg=color, err=err)


def fitted(text: str, room: int | None) -> list[str]:
    """A line as those that fit, the next ones indented below it. Deep lines are literal (requests) and left whole."""
    if room is None or len(text) <= room or text.startswith(" " * _LITERAL):
        return [text]
    return wrapped(text, room)


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
