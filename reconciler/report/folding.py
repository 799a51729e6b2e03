"""Folding: many lines that say the same of many things become one that says how many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

MOST = 10
"""So many of a sort are told one by one."""
_NAMED = 3


def folded(
    things: Iterable[T],
    alike: Callable[[T], tuple[str, ...]],
    name: Callable[[T], str],
    one: Callable[[T], Iterable[str]],
    many: Callable[[tuple[str, ...], int], str],
) -> Iterator[str]:
    """The lines of things: of more than a few that are `alike` one line, in the place of the first.

    `one` gives the lines of a thing; `many` words for a number of them, to which some names are added.
    """
    groups: dict[tuple[str, ...], list[T]] = {}
    for thing in things:
        groups.setdefault(alike(thing), []).append(thing)
    for key, group in groups.items():
        if len(group) <= MOST:
            for thing in group:
                yield from one(thing)
        else:
            named = ", ".join(map(name, group[:_NAMED]))
            yield f"{many(key, len(group))}: {named} and {len(group) - _NAMED:,} more"
