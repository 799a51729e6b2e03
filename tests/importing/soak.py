"""Soak: the laws of an import on random estates, one seed after another, as far as time allows.

    python -m tests.importing.soak [--estates 500] [--from 0] [--kept docs/performance/import-soak.json]

The result is written after every estate; the same command again goes on where the last one ended. A seed that fails is
an estate that can be made again: `--estates 1 --from SEED --kept -`.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.sandbox import sandbox
from tests.estate import Estate
from tests.importing.random_estates import RandomEstate, hold_on


@dataclass
class Soaked:
    """How many estates from which seed on, what was in them, and what failed, by seed."""

    first: int
    estates: int = 0
    requests: int = 0
    read: int = 0
    documents: int = 0
    cpu_seconds: float = 0.0
    fates: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)

    def look(self, estate: Estate) -> None:
        """Make the next estate, import it, and hold the laws to it."""
        began, seed = time.process_time(), self.first + self.estates
        estate.empty()
        random = RandomEstate(estate, seed)
        try:
            random.build()
            done = hold_on(random)
        except Exception as error:
            self.failures[str(seed)] = _sentence(error)
        else:
            assert done.reckoning is not None
            self.read += len(done.reckoning.atoms)
            self.fates.update(atom.fate for atom in done.reckoning.atoms)
            self.documents += len(done.pages)
        self.requests += random.built
        self.seen.update(random.has)
        self.estates += 1
        self.cpu_seconds += time.process_time() - began


def _sentence(error: BaseException) -> str:
    """What failed, and where, short enough to be kept."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}: {str(error)[:2000]}"


def _begun(kept: Path | None, first: int) -> Soaked:
    """What a run before this one has left, if it began at the same seed."""
    if kept is None or not kept.exists():
        return Soaked(first)
    said = json.loads(kept.read_text("utf-8"))
    if said["first"] != first:
        return Soaked(first)
    names = set(Soaked.__dataclass_fields__)
    found = Soaked(**{name: value for name, value in said.items() if name in names})
    found.fates, found.seen = Counter(found.fates), Counter(found.seen)
    return found


def _document(found: Soaked, command: str) -> str:
    about = {
        "command": command,
        "commit": subprocess.run(("git", "rev-parse", "HEAD"), capture_output=True, text=True).stdout.strip(),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }
    said = {**about, **vars(found), "cpu_seconds": round(found.cpu_seconds)}
    said["seen"] = dict(sorted(found.seen.items(), key=lambda row: (-row[1], row[0])))
    return f"{json.dumps(said, indent=2)}\n"


def main() -> int:
    """Go on, and say what came out; 1 if any estate failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--estates", type=int, default=500, help="how many in all")
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first seed")
    parser.add_argument("--kept", default="docs/performance/import-soak.json", help="the result; - for the terminal")
    asked = parser.parse_args()
    kept = None if asked.kept == "-" else Path(asked.kept)
    command = f"python -m tests.importing.soak --estates {asked.estates} --from {asked.first}"
    found = _begun(kept, asked.first)
    with sandbox() as aws:
        estate = Estate(aws)
        while found.estates < asked.estates:
            found.look(estate)
            seed = str(asked.first + found.estates - 1)
            sys.stderr.write(f"{seed}: {found.failures.get(seed, 'holds')}\n")
            if kept is not None:
                kept.write_text(_document(found, command), "utf-8")
    if kept is None:
        sys.stdout.write(_document(found, command))
    return 1 if found.failures else 0


if __name__ == "__main__":
    sys.exit(main())
