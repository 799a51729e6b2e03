"""Reads that need not wait for each other, made side by side: a reading lasts as long as its longest, not its sum."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor

T = TypeVar("T")
R = TypeVar("R")

MOST = 16
"""How many are under way at a time."""


def concurrent_map(read: Callable[[T], R], things: Iterable[T]) -> list[R]:
    """What `read` says of each thing, in their order. Raises what the first of them raises."""
    known = list(things)
    if len(known) < 2:
        return [read(thing) for thing in known]
    with threads(min(len(known), MOST)) as pool:
        return list(pool.map(read, known))


def threads(count: int) -> Executor:
    """So many threads. What makes them is imported when something is read: whoever plans without AWS reads nothing."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(count, thread_name_prefix="read")
