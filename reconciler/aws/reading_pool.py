"""A pool of threads that only read: whoever is interrupted waits for none of them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def reading_pool(threads: int) -> Iterator[ThreadPoolExecutor]:
    """A pool that takes nothing more once it is left; a host that hangs may keep its threads for minutes.

    Python waits for them at the end of a process, unless it is ended as `meshform.__main__` does.
    """
    pool = ThreadPoolExecutor(threads, thread_name_prefix="read")
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
