"""Turns: which of several requests may be under way at the same time, and which wait for others.

Two wait for each other where both touch the same part of an account, or one a part of what the other touches. They go
in the order in which they were given. What touches nothing waits for nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from reconciler.model.call import Part

EVERYTHING: Part = ()
"""All parts stand below it: what touches it goes alone."""


def may_meet(one: Collection[Part], other: Collection[Part]) -> bool:
    """Whether requests that touch these parts may be under way at the same time."""
    return not any(a[: len(b)] == b[: len(a)] for a in one for b in other)


def waits(touched: Sequence[Collection[Part]]) -> Iterator[set[int]]:
    """For each request the earlier ones that it waits for: at least one on every way to one that it may not meet.

    Each part is looked at once for every request that touches it, however many there are.
    """
    top = _Node()
    for number, parts in enumerate(touched):
        firsts: set[int] = set()
        for part in parts:
            node = top
            firsts |= _last(node)
            for step in part:
                node = node.below.setdefault(step, _Node())
                firsts |= _last(node)
            # Whoever comes later waits for this one, and so for everybody below.
            firsts |= {each for inner in node.everything() for each in _last(inner)}
            node.below.clear()
        for part in parts:
            top.at(part).last = number
        yield firsts - {number}


class Turns:
    """Requests by number: which may begin, as others end. Not for several threads."""

    def __init__(self, touched: Sequence[Collection[Part]]) -> None:
        self._waiting: list[int] = []
        self._followers: dict[int, list[int]] = {}
        for number, firsts in enumerate(waits(touched)):
            self._waiting.append(len(firsts))
            for first in firsts:
                self._followers.setdefault(first, []).append(number)

    def first(self) -> list[int]:
        """Those that wait for nobody, in order."""
        return [number for number, count in enumerate(self._waiting) if count == 0]

    def end(self, number: int) -> list[int]:
        """Those that waited for this one last, in order."""
        free = []
        for later in self._followers.pop(number, ()):
            self._waiting[later] -= 1
            if self._waiting[later] == 0:
                free.append(later)
        return free


@dataclass(slots=True)
class _Node:
    """A part, who touched it last, and the parts below it that were touched since."""

    last: int | None = None
    below: dict[str, _Node] = field(default_factory=dict)

    def at(self, part: Part) -> _Node:
        node = self
        for step in part:
            node = node.below.setdefault(step, _Node())
        return node

    def everything(self) -> Iterator[_Node]:
        for node in self.below.values():
            yield node
            yield from node.everything()


def _last(node: _Node) -> set[int]:
    return set() if node.last is None else {node.last}
