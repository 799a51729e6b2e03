"""The machine that measured: what it is, and how much else it had to do."""

from __future__ import annotations

import os
import platform


def machine() -> dict[str, object]:
    """Processor, cores, Python, and the load average of the last minute (below 1 a core: little else was going on)."""
    return {
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }
