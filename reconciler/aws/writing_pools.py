"""Pools of threads that write: whoever is done waits for all of them, whoever is to end at once for none."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from reconciler.aws.clients import THREADS
from reconciler.aws.in_flight import MOST


@contextmanager
def writing_pools() -> Iterator[tuple[ThreadPoolExecutor, ThreadPoolExecutor]]:
    """A pool for single requests, and one for lanes. A host that hangs may keep their threads for minutes.

    Python waits for them at the end of a process, unless it is ended as `meshform.__main__` does.
    """
    crew = ThreadPoolExecutor(THREADS * MOST, thread_name_prefix="write")
    lanes = ThreadPoolExecutor(THREADS, thread_name_prefix="lane")
    waits = True
    try:
        yield crew, lanes
    except KeyboardInterrupt:
        waits = False
        raise
    finally:
        for each in (lanes, crew):
            each.shutdown(wait=waits, cancel_futures=not waits)
