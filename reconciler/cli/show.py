"""Showing: coloured lines on stdout, progress on stderr when it is a terminal."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.terminal import console, fitted, is_terminal, width
from reconciler.model.progress import Progress, silent
from reconciler.report.hints import hint_lines
from reconciler.report.plain import plain
from reconciler.report.remaining import remaining

if TYPE_CHECKING:
    from reconciler.model.resource import Observation
    from reconciler.report.table import Table

_ENDLESS = 100_000
_COLORS = {"+": "green", "~": "yellow", "-": "red", "!": "magenta"}


def lines(texts: Iterable[str], *, err: bool = False) -> None:
    """Lines on stdout (`err`: stderr), coloured by the mark that they begin with, wrapped at the terminal's width."""
    room = width()
    for text in texts:
        mark = text.lstrip()[:2]
        color = _COLORS.get(mark[0]) if mark[1:] == " " else None
        for line in fitted(text, room):
            click.secho(line, fg=color, err=err)


def note(text: str) -> None:
    """A sentence on stderr, wrapped at the terminal's width."""
    for line in fitted(text, width()):
        click.echo(line, err=True)


def hint(*texts: str) -> None:
    """What to do next, on stderr."""
    for line in hint_lines(texts):
        click.echo(line, err=True)


def table(rows: Table) -> None:
    """A table on stdout, as wide as the terminal; a row is one line where output goes into a file or a pipe."""
    from reconciler.report.table import table_text

    for text in table_text(rows, width() or _ENDLESS):
        click.echo(text)


def data(document: Any) -> None:
    """A document as JSON on stdout."""
    click.echo(json.dumps(document, indent=2, sort_keys=False, default=str))


def snapshot(mesh: Any, path: Path, *, quiet: bool) -> Observation:
    """What AWS had when a snapshot was written; how old that is goes to stderr."""
    from reconciler import pipeline

    return pipeline.looked_up(mesh, path, lambda said: note(said) if not quiet else None)


@contextmanager
def progress(title: str, *, quiet: bool) -> Iterator[Progress]:
    """A line on stderr that says what was done last, how much of how much is done, and for how long it may go on;
    nothing when nobody watches.
    """
    if quiet or not is_terminal():
        yield silent
        return
    from rich.text import Text

    done, all_, began = 0, 0, time.monotonic()
    with console().status(f"{title} ...") as status:

        def say(text: str, total: int) -> None:
            nonlocal done, all_, began
            if total != all_:
                # Another work has begun, which is counted by itself.
                done, all_, began = 0, total, time.monotonic()
            done += 1
            said = f"{title}: {remaining(done, total, time.monotonic() - began)}  {plain(text)}"
            status.update(Text(said))

        yield say
