"""What CloudTrail records: who asked for what, when, with which parameters, and what was refused."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reconciler.sandbox.core.identity import Caller


@dataclass(frozen=True, slots=True)
class Event:
    """One management event. `error` is AWS's code, empty where the call succeeded; `more` is what services add."""

    id: str
    region: str
    service: str
    operation: str
    time: datetime
    caller: Caller
    params: Mapping[str, Any]
    error: str
    more: Mapping[str, Any] = field(default_factory=dict)


class Trail:
    """The last events of all accounts, at most `size` of them."""

    def __init__(self, size: int = 50_000) -> None:
        self._events: deque[Event] = deque(maxlen=size)

    def append(self, event: Event) -> None:
        self._events.append(event)

    def clear(self) -> None:
        self._events.clear()

    def of(self, account: str, region: str) -> Iterator[Event]:
        """The events of an account in a region, the newest first."""
        return (event for event in reversed(self._events) if (event.caller.account, event.region) == (account, region))
