"""Interruption: SIGINT and SIGTERM end a run in order, so that what was done is told and the lock let go.

GitHub cancels a job by SIGINT, by SIGTERM 7.5 seconds later, and kills it 2.5 seconds after that.
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from reconciler.errors import Stopped

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """What a signal does. Until `defer` it raises, once; from then on it is the reason to begin nothing more.

    A second one ends the run at once, in the middle of what it does: of the same name, or any while something is
    written, since nobody would send SIGTERM after SIGINT to a run that ends by itself. `number` is the last one's.
    """

    def __init__(self) -> None:
        self.number = 0
        self._reason: str | None = None
        self._deferred = self._writes = False

    def reason(self) -> str | None:
        """Why to stop, or None."""
        return self._reason

    def defer(self) -> None:
        """Something is about to be written: it is to be finished."""
        self._deferred = self._writes = True

    def handle(self, number: int, _frame: FrameType | None) -> None:
        """Handler of the signals."""
        reason, self.number = f"the run was stopped by {signal.Signals(number).name}", number
        if not self._deferred:
            self._deferred, self._reason = True, reason
            raise self.stopped("before anything was changed.")
        if self._reason == reason or (self._writes and self._reason is not None):
            raise KeyboardInterrupt
        self._reason = reason

    def stopped(self, words: str) -> Stopped:
        """The end that a signal brings."""
        return Stopped(f"The run was stopped by {signal.Signals(self.number).name} {words}", self.number)


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Signals do what the interruption says; in a thread other than the first one, as Python has it, nothing."""
    interruption = Interruption()
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        before = {number: signal.signal(number, interruption.handle) for number in _SIGNALS}
    try:
        yield interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
