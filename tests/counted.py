"""Work is counted in calls of functions, Python's and C's: it is the same on a busy machine."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable


def work(do: Callable[[], object]) -> int:
    """How many functions were called for it."""
    profile = cProfile.Profile()
    profile.runcall(do)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]
