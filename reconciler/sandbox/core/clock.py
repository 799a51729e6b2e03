"""The time of the simulated world."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the time in UTC: the machine's own, or, with `start`, a logical one that moves a second a call."""

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start
        self._offset = timedelta()

    def now(self) -> datetime:
        """The time, in UTC, cut to milliseconds as AWS sends them."""
        moment = (self._start or datetime.now(UTC)) + self._offset
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def advance(self, seconds: float) -> None:
        """Move the time on, as if one had waited."""
        self._offset += timedelta(seconds=seconds)

    def tick(self) -> None:
        """Move a logical time on by one second; the machine's own moves itself."""
        if self._start is not None:
            self.advance(1)
