"""Schedules in AWS's cron: six fields, UTC (monitor-data-warehouse-schedule)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from reconciler.sandbox.core.errors import AwsError

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a cron expression fires. Days of the week count from 1, Sunday; None means any day."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...] | None
    months: tuple[int, ...]
    weekdays: tuple[int, ...] | None
    years: tuple[int, ...]

    def after(self, moment: datetime) -> datetime | None:
        """The first time it fires after a moment; None if not within ten years."""
        day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        for number in range(3660):
            today = day + timedelta(days=number)
            if not self._on(today):
                continue
            for hour in self.hours:
                for minute in self.minutes:
                    found = today.replace(hour=hour, minute=minute)
                    if found > moment:
                        return found
        return None

    def _on(self, day: datetime) -> bool:
        weekday = day.isoweekday() % 7 + 1
        return (
            day.year in self.years
            and day.month in self.months
            and (self.days is None or day.day in self.days)
            and (self.weekdays is None or weekday in self.weekdays)
        )


def schedule(text: str) -> Schedule:
    """The schedule of `cron(minutes hours day-of-month month day-of-week year)`.

    InvalidInputException: it is none, or not with exactly one `?`. `L`, `W` and `#` are not known here.
    """
    found = re.fullmatch(r"cron\((.+)\)", text.strip())
    fields = found[1].split() if found else []
    if len(fields) != 6 or (fields[2] == "?") == (fields[4] == "?"):
        raise AwsError("InvalidInputException", f"Invalid schedule: {text}")
    try:
        return Schedule(
            _values(fields[0], 0, 59),
            _values(fields[1], 0, 23),
            None if fields[2] == "?" else _values(fields[2], 1, 31),
            _values(fields[3], 1, 12, _MONTHS),
            None if fields[4] == "?" else _values(fields[4], 1, 7, _DAYS),
            _values(fields[5], 1970, 2199),
        )
    except ValueError as error:
        raise AwsError("InvalidInputException", f"Invalid schedule: {text}") from error


def _values(field: str, low: int, high: int, names: tuple[str, ...] = ()) -> tuple[int, ...]:
    chosen: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        start = low if first == "*" else _number(first, names)
        end = high if first == "*" or (step and not last) else _number(last or first, names)
        if not low <= start <= end <= high:
            raise ValueError(part)
        chosen.update(range(start, end + 1, int(step or 1)))
    return tuple(sorted(chosen))


def _number(text: str, names: tuple[str, ...]) -> int:
    return names.index(text.lower()) + 1 if text.lower() in names else int(text)
