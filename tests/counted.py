"""Work is counted in calls of functions, Python's and C's: it is the same on a busy machine."""

from __future__ import annotations

import cProfile
import pstats
from collections import Counter
from collections.abc import Callable

from tests import reading_once


def work(do: Callable[[], object]) -> int:
    """How many functions were called for it."""
    return sum(calls(do).values())


def calls(do: Callable[[], object]) -> Counter[str]:
    """How often each function was called for it, by a process that has read no document yet."""
    reading_once.forget()
    profile = cProfile.Profile()
    profile.runcall(do)
    counted: Counter[str] = Counter()
    for (file, line, name), (_, often, *_rest) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        counted[f"{file}:{line} {name}"] += often
    return counted
