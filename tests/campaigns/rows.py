"""Rows: what a campaign has seen, one row a scene; and the command line that all campaigns share."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

import click

from reconciler.sandbox import Sandbox, sandbox
from tests.campaigns.forked import forked
from tests.campaigns.strike import When
from tests.estate import ROOT


@dataclass
class Row:
    """A scene: how many writes its run makes, how many trials were made of it, and what did not hold."""

    scene: str
    writes: int
    trials: int = 0
    wrong: list[str] = field(default_factory=list)


def killed(row: Row, problems: Callable[[int, When], list[str]], every: int, start: int, when: tuple[When, ...]) -> Row:
    """The row, with the problems of a kill at every so manieth write from `start` on, each in a copy of us."""
    for at in range(start, row.writes + 1, every):
        for moment in when:
            row.trials += 1
            found = forked(partial(problems, at, moment))
            row.wrong += [f"killed {moment} write {at}: {each}" for each in found]
    return row


@contextmanager
def stage() -> Iterator[Sandbox]:
    """A simulated AWS, in a folder that is thrown away."""
    here = os.getcwd()
    with tempfile.TemporaryDirectory() as folder, sandbox() as aws:
        os.chdir(folder)
        try:
            yield aws
        finally:
            os.chdir(here)


def told(about: str | None, rows: Callable[[argparse.Namespace], Iterable[Row]]) -> int:
    """A campaign as a command: each row as it is known; the exit code is 1 where something did not hold."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scene", action="append", help="only this; may be repeated")
    parser.add_argument("--only", action="append", help="only this end, or fault; may be repeated")
    parser.add_argument("--every", type=int, default=1, help="only every so manieth write")
    parser.add_argument("--from", type=int, default=1, dest="start", help="from this write on")
    parser.add_argument("--before", action="store_true", help="also just before each write")
    parser.add_argument("--json", help="add the rows to this file")
    given = parser.parse_args()
    if given.json:
        given.json = os.path.abspath(given.json)
    asked = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    is_fine = True
    for row in rows(given):
        is_fine = is_fine and not row.wrong
        click.echo(f"{row.scene}: {row.writes} writes, {row.trials} trials, {len(row.wrong)} did not hold")
        for each in row.wrong[:5]:
            click.echo(f"  {each}")
        if given.json:
            kept = {"campaign": Path(sys.argv[0]).stem, "commit": commit, **asdict(row)}
            with open(given.json, "a", encoding="utf-8") as file:
                file.write(f"{json.dumps(kept)}\n")
    return 0 if is_fine else 1
