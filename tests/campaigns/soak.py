"""Soak: all campaigns whole, until a row does not hold. Who breaks it off goes on where he was, on the same commit.

python -m tests.campaigns.soak                    # rows go to .soak/rows.jsonl
python -m tests.campaigns.soak --jobs 4           # four parts of them side by side
python -m tests.campaigns.table .soak/rows.jsonl

A trial waits about as long as it works, so twice as many jobs as there are cores is right.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import click

from tests.campaigns import ends, process
from tests.campaigns.scenes import scenes
from tests.estate import ROOT

ROWS = ROOT / ".soak" / "rows.jsonl"
_TOGETHER = 12
"""Scenes of the crash campaign that one process plays: each builds what they begin with once."""

Part = tuple[str, ...]


def parts() -> Iterator[Part]:
    """What is played by a process each, as the words after `tests.campaigns.`; what takes longest first."""
    yield from (("process", "--before", "--scene", name) for name in reversed(process.SCENES))
    yield from (("ends", "--scene", name) for name in reversed(ends.TRANSITIONS))
    yield ("faults",)
    names = [*scenes()]
    for first in range(0, len(names), _TOGETHER):
        chosen = names[first : first + _TOGETHER]
        yield ("crashes", "--before", *(word for name in chosen for word in ("--scene", name)))


def main() -> int:
    """The command; 1 where a row does not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=1, help="so many parts at the same time")
    given = parser.parse_args()
    ROWS.parent.mkdir(exist_ok=True)
    broken = threading.Event()

    def played(part: Part) -> None:
        """Every row of a part; the first that does not hold ends it, and no other part begins."""
        if not broken.is_set():
            name, *more = part
            asked = [sys.executable, "-m", f"tests.campaigns.{name}", *more, "--json", str(ROWS), "--resume", "--first"]
            if subprocess.run(asked, cwd=ROOT, check=False).returncode != 0:
                broken.set()
                click.echo(f"{name} does not hold: see above, and {ROWS}")

    with ThreadPoolExecutor(given.jobs) as pool:
        list(pool.map(played, parts()))
    return int(broken.is_set())


if __name__ == "__main__":
    raise SystemExit(main())
