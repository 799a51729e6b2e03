"""In flight: how many writes of one account a service is sent at the same time; found by trying.

It begins at two, goes up by one after as many successes as are under way (additive increase), up to sixteen, and is
halved when two writers collide or AWS throttles (multiplicative decrease); one is left where even two collide. After
each halving it climbs four times as slowly, and twice as fast again for each step that goes well: where everything
collides, hardly anything is sent in vain.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

FIRST, MOST = 2.0, 16
_LONGEST = 256.0


class InFlight:
    """The writes of one account to one service. Threads may share it. `room` is how many may be under way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mine = threading.local()
        self._limit, self._calm = FIRST, 1.0
        self._halvings = self._under_way = 0

    @property
    def room(self) -> int:
        return int(self._limit)

    @contextmanager
    def one(self) -> Iterator[None]:
        """A request is under way. It went well if nothing is raised; see `collided` for what did not."""
        with self._lock:
            self._under_way += 1
            self._mine.sent_after = self._halvings
        try:
            yield
        except BaseException:
            with self._lock:
                self._under_way -= 1
            raise
        with self._lock:
            if self._under_way >= self.room and self._mine.sent_after is not None:
                self._grow()
            self._under_way -= 1

    def collided(self) -> None:
        """The request of this thread was refused for others: halve. Requests that were sent before the last halving
        tell nothing new, nor do those that are not counted here."""
        with self._lock:
            if getattr(self._mine, "sent_after", None) == self._halvings:
                self._limit = max(1.0, self.room / 2)
                self._calm = min(_LONGEST, self._calm * 4)
                self._halvings += 1
            self._mine.sent_after = None

    def _grow(self) -> None:
        before = self.room
        self._limit = min(float(MOST), self._limit + 1 / (before * self._calm))
        if self.room > before:
            self._calm = max(1.0, self._calm / 2)
