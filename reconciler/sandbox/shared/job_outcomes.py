"""How runs are to end whose work is not simulated: Glue's scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """Runs of the job of this name end well, or with `error`; `account` None means in every account."""

    job: str
    account: str | None = None
    error: str = ""


class JobOutcomes:
    """What was said of jobs, the newest last: it counts."""

    def __init__(self) -> None:
        self._outcomes: list[JobOutcome] = []

    def add(self, given: Iterable[Mapping[str, Any]]) -> None:
        """Say how runs are to end; a mapping has the names of `JobOutcome`'s fields. ValueError: it is none."""
        self._outcomes.extend([_outcome(one) for one in given])

    def clear(self) -> None:
        self._outcomes.clear()

    def of(self, account: str, job: str) -> JobOutcome | None:
        """How a job's run is to end; None if nobody said."""
        matching = [e for e in self._outcomes if e.job == job and e.account in (None, account)]
        return matching[-1] if matching else None

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(outcome) for outcome in self._outcomes]


def _outcome(given: Mapping[str, Any]) -> JobOutcome:
    if not isinstance(given, Mapping) or not set(given) <= {"job", "account", "error"}:
        raise ValueError("an outcome has job, and may have account and error")
    if not given.get("job") or not all(isinstance(value, str) for value in given.values()):
        raise ValueError("job, account and error of an outcome are texts; job is needed")
    return JobOutcome(**given)
