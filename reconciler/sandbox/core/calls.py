"""The log of every call that the sandbox served."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One served call.

    `time` is ISO 8601 in UTC, `duration_ms` how long the sandbox took, `error` AWS's code or empty.
    """

    account: str
    region: str
    service: str
    operation: str
    status: int
    error: str
    principal: str
    time: str
    duration_ms: float


class CallLog:
    """The last calls, oldest first, at most `size` of them."""

    def __init__(self, size: int = 100_000) -> None:
        self._calls: deque[Call] = deque(maxlen=size)

    def __iter__(self) -> Iterator[Call]:
        return iter(tuple(self._calls))

    def __len__(self) -> int:
        return len(self._calls)

    def append(self, call: Call) -> None:
        self._calls.append(call)

    def clear(self) -> None:
        self._calls.clear()

    def of(self, service: str, operation: str | None = None) -> list[Call]:
        """The calls of a service, or of one operation of it."""
        return [c for c in self if c.service == service and operation in (None, c.operation)]

    def as_json(self) -> list[dict[str, Any]]:
        """Plain dictionaries, as the control endpoint sends them."""
        return [asdict(call) for call in self]
