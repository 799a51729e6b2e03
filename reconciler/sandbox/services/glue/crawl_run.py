"""A crawl and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Outcome:
    """What a crawl did; `error` is empty if it succeeded."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    partitions: int = 0
    error: str = ""


@dataclass(slots=True)
class Crawl:
    """A crawl as seen from outside: RUNNING at the first look, STOPPING at the second, then READY.

    Its work is done when it starts, so that it ends though nobody looks.
    """

    started: datetime
    seconds: float
    outcome: Outcome
    looks: int = 0

    @property
    def state(self) -> str:
        return ("RUNNING", "STOPPING", "READY")[min(self.looks, 2)]

    @property
    def status(self) -> str:
        return "FAILED" if self.outcome.error else "SUCCEEDED"
