"""States of a simulated AWS, as numbers: where they are the same again, so is what they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from weakref import WeakKeyDictionary

from reconciler.sandbox.core.world import World
from tests.writes import Write, writes

_SERIAL = count()


class States:
    """What a world was written since it was in a state that has a number: the same numbers are the same state."""

    def __init__(self, world: World) -> None:
        self._writes = writes(world)
        self._seen = len(self._writes)
        self._now = {Write("*"): next(_SERIAL)}

    def now(self) -> Mapping[Write, int]:
        """The number of the last of each write; of those that never were it is that of `*`."""
        if new := set(self._writes[self._seen :]):
            self._now = {**self._now, **{write: next(_SERIAL) for write in new}}
            self._seen = len(self._writes)
        return self._now

    def back(self, to: Mapping[Write, int]) -> None:
        """The world is again in this state."""
        self._now, self._seen = dict(to), len(self._writes)


_STATES: WeakKeyDictionary[World, States] = WeakKeyDictionary()


def states(world: World) -> States:
    """The states of a world."""
    return _STATES.setdefault(world, States(world))
