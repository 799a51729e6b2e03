"""The machine that measured: what it is, and how much else it had to do; and the commit that was measured."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]


def machine() -> dict[str, object]:
    """Processor, cores, Python, and the load average of the last minute (below 1 a core: little else was going on)."""
    return {
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }


def commit() -> str:
    """The commit that was measured, with a plus where the tree had other changes."""
    git = ("git", "rev-parse", "--short", "HEAD"), ("git", "status", "--porcelain", "--", "reconciler", "bench")
    name, changes = (subprocess.run(each, check=True, capture_output=True, text=True, cwd=ROOT).stdout for each in git)
    return name.strip() + ("+" if changes.strip() else "")
