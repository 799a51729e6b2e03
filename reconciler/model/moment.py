"""Moments: times that others wrote."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(text: str) -> datetime:
    """A time of ISO 8601 in UTC, for which one without a zone is taken. Raises ValueError for anything else.

    So also where its zone puts it before the year 1 or after 9999, which no datetime can be.
    """
    found = datetime.fromisoformat(text)
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(str(error)) from error
