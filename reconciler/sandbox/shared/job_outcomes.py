"""How runs are to end whose work is not simulated: Glue's scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Ending:
    """Runs of the job of this name end well, or with `error`; `account` None means in every account."""

    job: str
    account: str | None = None
    error: str = ""


class Endings:
    """What was said of jobs, the newest last: it counts."""

    def __init__(self) -> None:
        self._endings: list[Ending] = []

    def add(self, given: Iterable[Mapping[str, Any]]) -> None:
        """Say how runs are to end; a mapping has the names of `Ending`'s fields. ValueError: it is none."""
        self._endings.extend([_ending(one) for one in given])

    def clear(self) -> None:
        self._endings.clear()

    def of(self, account: str, job: str) -> Ending | None:
        """How a job's run is to end; None if nobody said."""
        matching = [e for e in self._endings if e.job == job and e.account in (None, account)]
        return matching[-1] if matching else None

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(ending) for ending in self._endings]


def _ending(given: Mapping[str, Any]) -> Ending:
    if not isinstance(given, Mapping) or not set(given) <= {"job", "account", "error"}:
        raise ValueError("an ending has job, and may have account and error")
    if not given.get("job") or not all(isinstance(value, str) for value in given.values()):
        raise ValueError("job, account and error of an ending are texts; job is needed")
    return Ending(**given)
