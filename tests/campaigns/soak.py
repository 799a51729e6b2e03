"""Soak: all campaigns whole, until a row does not hold. Who breaks it off goes on where he was, on the same commit.

python -m tests.campaigns.soak                    # rows go to .soak/rows.jsonl
python -m tests.campaigns.soak --jobs 2           # two campaigns side by side
python -m tests.campaigns.table .soak/rows.jsonl
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import click

from tests.estate import ROOT

CAMPAIGNS = (("crashes", "--before"), ("faults",), ("process", "--before"), ("ends",))
ROWS = ROOT / ".soak" / "rows.jsonl"


def held(campaign: tuple[str, ...]) -> bool:
    """Whether every row of a campaign holds; the first that does not ends it."""
    name, *more = campaign
    asked = [sys.executable, "-m", f"tests.campaigns.{name}", *more, "--json", str(ROWS), "--resume", "--first"]
    return subprocess.run(asked, cwd=ROOT, check=False).returncode == 0


def main() -> int:
    """The command; 1 where a row does not hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=1, help="so many campaigns at the same time")
    given = parser.parse_args()
    ROWS.parent.mkdir(exist_ok=True)
    with ThreadPoolExecutor(given.jobs) as pool:
        for campaign, is_fine in zip(CAMPAIGNS, pool.map(held, CAMPAIGNS), strict=True):
            if not is_fine:
                click.echo(f"{campaign[0]} does not hold: see above, and {ROWS}")
                pool.shutdown(cancel_futures=True)
                return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
