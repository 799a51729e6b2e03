"""A mesh over many accounts: its snapshot and its drift, when AWS is 50 ms away.

    python -m bench.many_accounts ACCOUNTS

The sandbox is a process of its own. A mesh with 100 tables, 9 producers and a consumer with a subscription in each
other account is applied without delay; then every call takes 50 ms. Prints JSON: calls, time, and the most memory
of each command as a whole process.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.machine import commit, machine
from bench.meshes import Size, write
from bench.served import Served, served
from bench.timed import MESHFORM, timed

LATENCY_MS = 50
PRODUCERS = 9


def main() -> None:
    """Apply the mesh, then take its snapshot and look for drift, from AWS and from the snapshot."""
    count = int(sys.argv[1])
    consumers = count - PRODUCERS - 1
    size = Size(
        producers=PRODUCERS, domains=10, products=10, tables=10, columns=10, consumers=consumers, principals=2,
        subscriptions=consumers,
    )  # fmt: skip
    with served(0) as aws, TemporaryDirectory() as folder:
        mesh, kept = Path(folder) / "mesh", Path(folder) / "all.gz"
        write(size, mesh)
        _asked(aws, mesh, "apply", "--auto-approve")
        aws.fault(latency_ms=LATENCY_MS, times=None)
        said = {
            "command": f"python -m bench.many_accounts {count}",
            "commit": commit(),
            "accounts": count,
            "latency_ms": LATENCY_MS,
            **machine(),
            "snapshot": _asked(aws, mesh, "snapshot", "--out", str(kept)),
            "file_kb": kept.stat().st_size // 1000,
            "drift": _asked(aws, mesh, "drift"),
            "drift of the snapshot": _asked(aws, mesh, "drift", "--snapshot", str(kept)),
        }
    print(json.dumps(said, indent=2))


def _asked(aws: Served, mesh: Path, *command: str) -> dict[str, Any]:
    """What a command took. A deviation ends it: the mesh has just been applied."""
    aws.forget()
    went = timed((MESHFORM, command[0], "--mesh", str(mesh), "--quiet", *command[1:]))
    return {"calls": aws.calls().total(), **went.as_json(), "load": machine()["load"]}


if __name__ == "__main__":
    main()
