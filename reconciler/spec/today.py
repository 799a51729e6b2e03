"""today: the day on which subscriptions are judged. The only look at the clock, outside of what is checked."""

from __future__ import annotations

from datetime import UTC, date, datetime


def today() -> date:
    """The day in UTC."""
    return datetime.now(UTC).date()
