"""Concurrent writers: two connections that write to one principal or resource at nearly the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from reconciler.sandbox.core.errors import AwsError

if TYPE_CHECKING:
    from reconciler.sandbox.core.world import World

_A_WHILE = 0.02
"""Seconds that a request is under way where all writes collide and there is no latency: others come meanwhile."""
_READS = ("Get", "List", "Search", "BatchGet")


class Writers:
    """Who wrote what last.

    Calls are served one after the other, so a collision is simulated: a write to a principal or resource
    that another thread wrote to within the window fails with ConcurrentModificationException. The window
    is `window` seconds if set, else the simulated latency; at 0 nothing collides.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._last: dict[object, tuple[int, float]] = {}
        self.window: float | None = None
        self._writes = 0
        self._of_account: dict[str, int] = {}

    def write(self, subjects: Iterable[object]) -> None:
        """Write to these subjects, or raise ConcurrentModificationException (HTTP 400: SDKs do not retry it)."""
        window = self._world.settings.latency_ms / 1000 if self.window is None else self.window
        if window <= 0:
            return
        writer, now = threading.get_ident(), time.monotonic()
        subjects = list(subjects)
        for subject in subjects:
            other, when = self._last.get(subject, (writer, now))
            if other != writer and now - when < window:
                message = "Please retry in a short while"
                raise AwsError("ConcurrentModificationException", message)
        for subject in subjects:
            self._last[subject] = (writer, now)

    def came(self) -> int:
        """A request comes: what `served` wants to know of it."""
        writes = self._writes
        if self._world.beliefs["collisions"] == "all" and not self._world.settings.latency_ms:
            time.sleep(_A_WHILE)
        return writes

    def served(self, account: str, operation: str, came: int) -> None:
        """An account asks for something of Glue or Lake Formation. Where all writes collide, so does this one with
        what has been written in the account since it came.
        """
        if self._world.beliefs["collisions"] == "same" or operation.startswith(_READS):
            return
        if self._of_account.get(account, 0) > came:
            raise AwsError("ConcurrentModificationException", "Permission update/Delete failed for Resource")
        self._writes += 1
        self._of_account[account] = self._writes
