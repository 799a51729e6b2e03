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
from pathlib import Path
from typing import Any
from unittest import mock

import click

from reconciler.sandbox import Sandbox, sandbox
from tests import moto_once
from tests.estate import ROOT, every_rule


@dataclass
class Row:
    """A scene: how many writes its run makes, how many trials were made of it, and what did not hold.

    `missed`: how many more were made, in which not all came to pass that was to be tried.
    """

    scene: str
    writes: int
    trials: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: int = 0


@contextmanager
def stage() -> Iterator[Sandbox]:
    """A simulated AWS, in a folder that is thrown away; commands take every rule as accepted that may be."""
    moto_once.make_once()
    here, accepted = os.getcwd(), " ".join(each for each in every_rule() if each != "policy")
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.dict(os.environ, MESHFORM_ACCEPT=accepted),
        sandbox() as aws,
    ):
        os.chdir(folder)
        try:
            yield aws
        finally:
            os.chdir(here)


def commit() -> str:
    """The commit of what runs; it ends in `-dirty` where it is none."""
    asked = ["git", "-C", str(ROOT), "describe", "--always", "--exclude", "*", "--dirty"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def asked(given: argparse.Namespace) -> dict[str, Any]:
    """How much of each scene is tried."""
    return {"every": given.every, "from": given.start, "before": given.before}


def seen(campaign: str, given: argparse.Namespace) -> set[str]:
    """The rows that need not be made again: of this commit, as much of them as is asked for now, and fine."""
    if not given.resume or not os.path.exists(given.json) or commit().endswith("-dirty"):
        return set()
    kept = [json.loads(line) for line in Path(given.json).read_text(encoding="utf-8").splitlines()]
    this = {"campaign": campaign, "commit": commit(), "asked": asked(given), "wrong": []}
    return {str(row["scene"]) for row in kept if this.items() <= row.items()}


def told(about: str | None, rows: Callable[[argparse.Namespace], Iterable[Row]]) -> int:
    """A campaign as a command: each row as it is known; the exit code is 1 where something did not hold.

    `given.known` are names of rows that `rows` is to leave out.
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scene", action="append", help="only this; may be repeated")
    parser.add_argument("--only", action="append", help="only this end, or fault; may be repeated")
    parser.add_argument("--every", type=int, default=1, help="only every so manieth write")
    parser.add_argument("--from", type=int, default=1, dest="start", help="from this write on")
    parser.add_argument("--before", action="store_true", help="also just before each write")
    parser.add_argument("--json", help="add the rows to this file")
    parser.add_argument("--resume", action="store_true", help="without rows that the file has of this commit")
    parser.add_argument("--first", action="store_true", help="end with the first row that does not hold")
    given = parser.parse_args()
    given.json = os.path.abspath(given.json) if given.json else os.devnull
    campaign = Path(sys.argv[0]).stem
    given.known, is_fine = seen(campaign, given), True
    for row in rows(given):
        is_fine = is_fine and not row.wrong
        missed = f" (and {row.missed} that came to nothing)" if row.missed else ""
        click.echo(f"{row.scene}: {row.writes} writes, {row.trials} trials{missed}, {len(row.wrong)} did not hold")
        for each in row.wrong[:5]:
            click.echo(f"  {each}")
        kept = {"campaign": campaign, "commit": commit(), "asked": asked(given), **asdict(row)}
        with open(given.json, "a", encoding="utf-8") as file:
            file.write(f"{json.dumps(kept)}\n")
        if given.first and not is_fine:
            break
    return 0 if is_fine else 1
