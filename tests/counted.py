"""Work is counted in calls of functions, Python's and C's, or in lines: it is the same on a busy machine."""

from __future__ import annotations

import cProfile
import pstats
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import reconciler
from tests import reading_once

OURS = str(Path(reconciler.__file__).parent)
TraceFunction = Callable[[FrameType, str, Any], Any]


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


def steps(do: Callable[[], object]) -> Counter[str]:
    """How many lines of our own were carried out for it, by function; each turn of a comprehension is one."""
    reading_once.forget()
    counted: Counter[tuple[str, int, str]] = Counter()

    def within(frame: FrameType, event: str, _: object) -> TraceFunction:
        if event == "line":
            code = frame.f_code
            counted[code.co_filename, code.co_firstlineno, code.co_name] += 1
        return within

    def entered(frame: FrameType, event: str, _: object) -> TraceFunction | None:
        del event
        return within if frame.f_code.co_filename.startswith(OURS) else None

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        do()
    finally:
        sys.settrace(before)
    return Counter({f"{file}:{line} {name}": often for (file, line, name), often in counted.items()})
