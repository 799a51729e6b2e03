"""An import from a snapshot file: writing it, reading it, and what the import itself takes.

    python -m bench.import_estate TABLES GRANTS ACCOUNTS

Processor time, since the machine is shared; memory is that of all parts in this one process. Prints JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from bench.large_estate import large_estate
from bench.machine import machine
from reconciler.garbage import no_garbage_collection
from reconciler.importing.importing import import_estate
from reconciler.importing.looking import Kept
from reconciler.kinds import registry
from reconciler.model.reading import Reading
from reconciler.model.resource import Observation
from reconciler.snapshots.file import read, write
from reconciler.snapshots.format import Header, Part

T = TypeVar("T")


def main() -> None:
    """Make the estate, keep it, and import it from what was kept."""
    tables, grants, accounts = map(int, sys.argv[1:4])
    basis, observation = large_estate(tables, grants, accounts)
    header = Header(basis.name, basis.central, "", (Part(datetime.now(UTC), "somebody", basis.accounts),))
    with TemporaryDirectory() as folder, no_garbage_collection():
        path = Path(folder) / "all.jsonl.gz"
        writing, count = _timed(lambda: write(path, header, readings_of(observation), registry()))
        size = path.stat().st_size
        made = _peak()
        reading, kept = _timed(lambda: read(path, registry()).observation)
        importing, done = _timed(lambda: import_estate(Kept(kept), basis, named=True))
    assert done.reckoning is not None, [str(finding) for finding in done.findings][:3]
    said = {
        "command": f"python -m bench.import_estate {tables} {grants} {accounts}",
        **machine(),
        "tables": tables,
        "accounts": accounts,
        "grants": done.reckoning.counts["grant"],
        "resources": count,
        "steps": len(done.reckoning.steps),
        "documents": len(done.pages),
        "file_mb": round(size / 1e6, 1),
        "cpu_seconds": {"write": writing, "read": reading, "import": importing},
        "peak_mb": {"estate and writing": made, "all": _peak()},
    }
    print(json.dumps(said, indent=2))


def readings_of(observation: Observation) -> list[Reading]:
    """What was found, as it is read: a kind in a place after another."""
    rows = sorted(observation.found.values(), key=lambda each: (each.address.placement, each.address.kind))
    groups = groupby(rows, key=lambda each: (each.address.kind, each.address.placement))
    return [Reading(kind, where, tuple(found)) for (kind, where), found in groups]


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.process_time()
    made = work()
    return round(time.process_time() - began, 1), made


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
