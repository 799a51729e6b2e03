"""LastChange: who changed something last, and when, as AWS tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class LastChange:
    """By whom (an ARN) and when, each where AWS tells it."""

    by: str | None = None
    at: datetime | None = None

    @property
    def when(self) -> str | None:
        """The time in UTC, to the minute: `2026-11-22 09:30 UTC`. A time without a zone is taken for UTC."""
        if self.at is None:
            return None
        at = self.at.astimezone(UTC) if self.at.tzinfo else self.at
        return f"{at:%Y-%m-%d %H:%M} UTC"

    def __str__(self) -> str:
        by = f" by {self.by}" if self.by else ""
        return f"last changed{by}{f' at {self.when}' if self.at else ''}"
