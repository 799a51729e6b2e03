"""A run of a job, of DataBrew or of Glue, as it is seen from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

ENDED = frozenset({"SUCCEEDED", "FAILED", "STOPPED"})


@dataclass(slots=True)
class JobRun:
    """STARTING at the first look, RUNNING at the second, then its end: SUCCEEDED, or FAILED with its `error`.

    Its work is done when it starts, so that it ends though nobody looks. `seconds` is how long that took.
    """

    id: str
    job: str
    started: datetime
    ended: datetime
    started_by: str
    error: str = ""
    seconds: float = 0.0
    looks: int = 0
    stopped: bool = False

    @property
    def state(self) -> str:
        if self.stopped:
            return "STOPPED"
        return ("STARTING", "RUNNING", "FAILED" if self.error else "SUCCEEDED")[min(self.looks, 2)]

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    def look(self) -> str:
        """The state now; the next look finds the run further on."""
        state = self.state
        self.looks += 1
        return state
