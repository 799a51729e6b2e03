"""no_garbage_collection: for the pure stages, which make a million objects and no garbage."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 200_000
"""So many new objects are kept out of later collections as well where the process ends with the run."""

YOUNG = 200_000
"""After so many new objects a command looks for garbage, where Python does after 700: modules and models are none."""

COMPLAIN = frozenset({"_duckdb", "cel_expr_python"})
"""Modules by nanobind, which tells people of each of its objects that was not freed at the end."""

_run = {"ends": False}


def process_ends_with_run() -> None:
    """Say that nothing of this process outlives its run, as of a command: what is frozen is never freed.

    Python looks for garbage once more before it ends, which is a third of what a plan of the example works, and every
    now and then while it loads modules, which is a twentieth.
    """
    _run["ends"] = True
    gc.set_threshold(YOUNG)
    atexit.register(_end)


def _end() -> None:
    if COMPLAIN & sys.modules.keys():
        gc.unfreeze()
    else:
        gc.freeze()


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Leave the cyclic collector off meanwhile: looking through all that was made takes longer than making it.

    Measured on 350,000 resources: compile takes 3.5 s instead of 9.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if _run["ends"] and gc.get_count()[0] > MANY:
                gc.freeze()
            gc.enable()
