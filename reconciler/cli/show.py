"""Showing: coloured lines on stdout, progress on stderr when it is a terminal."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.terminal import fitted, is_terminal, width
from reconciler.report.plain import plain
from reconciler.report.table import Table, table_text

if TYPE_CHECKING:
    from reconciler.model.resource import Observation

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


def table(rows: Table) -> None:
    """A table on stdout, as wide as the terminal; a row is one line where output goes into a file or a pipe."""
    for text in table_text(rows, width() or _ENDLESS):
        click.echo(text)


def data(document: Any) -> None:
    """A document as JSON on stdout."""
    click.echo(json.dumps(document, indent=2, sort_keys=False, default=str))


def identity(sessions: Any, mesh: Any, *, quiet: bool) -> None:
    """As whom, in which AWS and in how many accounts a command works: a line on stderr, before anything is done."""
    if quiet or sessions is None:
        return
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    where = f"{mesh.region}, {len(mesh.accounts)} account{'' if len(mesh.accounts) == 1 else 's'}"
    simulated = f"; not AWS itself, but AWS_ENDPOINT_URL: {plain(endpoint)}" if endpoint else ""
    for line in fitted(f"As {plain(sessions.whoami())} in {where}{simulated}", width()):
        click.echo(line, err=True)


def snapshot(mesh: Any, path: Path, *, quiet: bool) -> Observation:
    """What AWS had when a snapshot was written; how old that is goes to stderr."""
    from reconciler import pipeline

    return pipeline.looked_up(mesh, path, lambda said: click.echo(said, err=True) if not quiet else None)


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
