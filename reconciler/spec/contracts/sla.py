"""What a data contract promises of the service: how old data may be, and what of it has no field in a mesh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

_FRESH = ("latency", "freshness")
_END = "endoflife"
_MINUTES = {
    **dict.fromkeys(("m", "min", "minute", "minutes"), 1),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 60),
    **dict.fromkeys(("d", "day", "days"), 24 * 60),
    **dict.fromkeys(("w", "week", "weeks"), 7 * 24 * 60),
}


def max_age(*slas: object) -> str | None:
    """The strictest promise of how old data may be, as a mesh writes it: 24h."""
    ages = [age for sla in slas for each in _entries(sla) if (age := _minutes(each)) is not None]
    return _age(min(ages)) if ages else None


def end_of_life(sla: object) -> date | None:
    """The day after which there is no data any more."""
    days = [day for each in _entries(sla) if (day := _end(each)) is not None]
    return min(days) if days else None


def not_taken(sla: object, *, is_end_taken: bool) -> Iterator[tuple[int, str]]:
    """The promises that have no field in a mesh: their places in the list, and what they are about."""
    for at, each in enumerate(sla if isinstance(sla, list | tuple) else ()):
        entry = each if isinstance(each, dict) else {}
        if _minutes(entry) is None and not (is_end_taken and _end(entry)):
            yield at, str(entry.get("property", "?"))


def _entries(sla: object) -> Iterator[Mapping[str, Any]]:
    yield from (each for each in (sla if isinstance(sla, list | tuple) else ()) if isinstance(each, dict))


def _minutes(entry: Mapping[str, Any]) -> int | None:
    """How many minutes old data may be; None for what is no such promise, or of no whole number of minutes."""
    value, unit = entry.get("value"), str(entry.get("unit", "d")).lower()
    if str(entry.get("property", "")).lower() not in _FRESH or unit not in _MINUTES:
        return None
    try:
        minutes = float(str(value)) * _MINUTES[unit]
    except ValueError:
        return None
    return int(minutes) if 1 <= minutes < 99999 * 24 * 60 and minutes == int(minutes) else None


def _end(entry: Mapping[str, Any]) -> date | None:
    if str(entry.get("property", "")).lower() != _END:
        return None
    try:
        return date.fromisoformat(str(entry.get("value", ""))[:10])
    except ValueError:
        return None


def _age(minutes: int) -> str:
    unit, size = next((unit, size) for unit, size in (("d", 1440), ("h", 60), ("m", 1)) if minutes % size == 0)
    # A day is told in hours, as people do.
    return f"{minutes // 60}h" if unit == "d" and minutes <= 2880 else f"{minutes // size}{unit}"
