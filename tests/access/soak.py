"""Soak: how often evaluator and sandbox agree in random worlds, and what there was in them.

    python -m tests.access.soak [--worlds 10000] [--from 300] > docs/performance/access-soak.json

Prints one JSON document; progress goes to stderr.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from reconciler.access.evaluation.rights import RightsIndex
from reconciler.model.lakeformation import OnDatabase
from reconciler.sandbox import sandbox
from tests.access.agreement import disagreements, listed, queried, rights_disagreements
from tests.access.coverage import in_pair, in_world
from tests.access.lake import PRINCIPALS, Lake
from tests.access.worlds import make
from tests.estate import CENTRAL

LISTED, QUERIED = 4, 10
"""One pair in so many is also asked of ListPermissions, and by a query of Athena."""


@dataclass
class Soaked:
    """What was asked, what was in it (see coverage.py), and where the two differ, a sentence each."""

    worlds: int = 0
    pairs: int = 0
    listings: int = 0
    queries: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)

    def look(self, lake: Lake, seed: int) -> None:
        """Make the world of a seed and ask everything in it."""
        made = make(lake, seed)
        access = lake.observed(made.members)
        self.worlds += 1
        self.seen.update(in_world(made, access))
        found = [*disagreements(lake, made, access), *rights_disagreements(lake, made, access)]
        index = RightsIndex(access)
        self.seen["rights on a database"] += sum(
            any(isinstance(right.thing, OnDatabase) and right.thing.catalog == CENTRAL for right in held.values())
            for held in map(index.of, PRINCIPALS)
        )
        for number, (place, principal) in enumerate((each, who) for each in made.tables for who in PRINCIPALS):
            self.pairs += 1
            self.seen.update(in_pair(made, access, access.on(principal, place)))
            if (seed + number) % LISTED == 0:
                self.listings += 1
                found += [f"listing: {each}" for each in listed(lake, access, principal, place)]
            if (seed + number) % QUERIED == 0:
                answer = queried(lake, made, access, principal, place)
                self.queries += answer is not None
                found += [f"query: {each}" for each in answer or ()]
        self.disagreements += [f"seed {seed}: {each}" for each in found]


def soaked(lake: Lake, seeds: Iterable[int], every: int = 0) -> Soaked:
    """The worlds of these seeds; with `every` a line of progress after so many."""
    found = Soaked()
    for seed in seeds:
        found.look(lake, seed)
        if every and found.worlds % every == 0:
            sys.stderr.write(f"{found.worlds} worlds, {len(found.disagreements)} disagreements\n")
    return found


def main() -> int:
    """Run it and print what came out; 1 if there is any disagreement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=10_000)
    parser.add_argument("--from", dest="first", type=int, default=300, help="the first seed")
    asked = parser.parse_args()
    started, worked = time.perf_counter(), time.process_time()
    with sandbox() as aws:
        found = soaked(Lake(aws), range(asked.first, asked.first + asked.worlds), every=500)
    document = {
        "command": f"python -m tests.access.soak --worlds {asked.worlds} --from {asked.first}",
        "commit": subprocess.run(("git", "rev-parse", "HEAD"), capture_output=True, text=True).stdout.strip(),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "worlds": found.worlds,
        "pairs": found.pairs,
        "listings": found.listings,
        "queries": found.queries,
        "disagreements": found.disagreements,
        "seconds": round(time.perf_counter() - started),
        "cpu_seconds": round(time.process_time() - worked),
        "seen": dict(sorted(found.seen.items(), key=lambda row: (-row[1], row[0]))),
    }
    sys.stdout.write(f"{json.dumps(document, indent=2)}\n")
    return 1 if found.disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
