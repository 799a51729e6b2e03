"""Faults to inject: which call they strike and what they do to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from random import Random
from typing import Any, Literal

from reconciler.sandbox.core.errors import AwsError


@dataclass(slots=True)
class Fault:
    """One fault.

    It strikes calls that match `service`, `operation`, `account` and `region` (None matches all): the `nth` such call
    (counted from 1) and those after it, `times` in all (None: for ever); of a `share` below 1 a part of them, at random
    but the same in every run.

    ==============  =====================================================================
    error           AWS error code, sent with `message` and `status`, nothing is done
    latency_ms      added before the call is served
    reset           "before": connection lost, nothing done; "after": done, answer lost
    entries         batch operations: only the entries at these positions fail with `error`
    ==============  =====================================================================
    """

    service: str | None = None
    operation: str | None = None
    account: str | None = None
    region: str | None = None
    nth: int = 1
    times: int | None = 1
    share: float = 1.0
    error: str | None = None
    message: str = "injected by the sandbox"
    status: int = 400
    latency_ms: float = 0.0
    reset: Literal["before", "after"] | None = None
    entries: tuple[int, ...] = ()
    seen: int = 0
    struck: int = 0
    _random: Random = field(default_factory=lambda: Random(0), init=False, repr=False)

    def strikes(self, service: str, operation: str, account: str, region: str) -> bool:
        """Count the call if it matches, and say whether the fault falls on it."""
        if self.service not in (None, service) or self.operation not in (None, operation):
            return False
        if self.account not in (None, account) or self.region not in (None, region):
            return False
        self.seen += 1
        if self.seen < self.nth or (self.times is not None and self.struck >= self.times):
            return False
        if self.share < 1 and self._random.random() >= self.share:
            return False
        self.struck += 1
        return True

    def entry_errors(self) -> dict[int, AwsError]:
        """The errors of single entries of a batch, by position."""
        if not self.error:
            return {}
        return {position: AwsError(self.error, self.message, self.status) for position in self.entries}


class Faults:
    """The faults in force."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, faults: Iterable[Mapping[str, Any] | Fault]) -> None:
        """Put faults in force; a mapping has the names of `Fault`'s fields.

        ValueError: an unknown field, or a fault that would do nothing.
        """
        made = [fault if isinstance(fault, Fault) else _fault(fault) for fault in faults]
        self._faults.extend(made)

    def clear(self) -> None:
        self._faults.clear()

    def striking(self, service: str, operation: str, account: str, region: str) -> list[Fault]:
        """The faults that fall on this call; each matching fault counts it."""
        return [fault for fault in self._faults if fault.strikes(service, operation, account, region)]

    def as_json(self) -> list[dict[str, Any]]:
        """The faults with how often each saw a matching call and struck."""
        return [{name: getattr(fault, name) for name in _NAMES} for fault in self._faults]


_NAMES = tuple(each.name for each in fields(Fault) if each.name != "_random")
#: What the fields of a fault may be.
_KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("service", "operation", "account", "region", "error", "reset"), (str, type(None))),
    "nth": (int,),
    "times": (int, type(None)),
    "message": (str,),
    "status": (int,),
    **dict.fromkeys(("latency_ms", "share"), (int, float)),
    "entries": (list, tuple),
}


def _fault(given: Mapping[str, Any]) -> Fault:
    known = {*_NAMES} - {"seen", "struck"}
    if unknown := set(given) - known:
        raise ValueError(f"unknown in a fault: {', '.join(sorted(unknown))}; known are {', '.join(sorted(known))}")
    for name, value in given.items():
        kinds = _KINDS[name]
        if not isinstance(value, kinds) or isinstance(value, bool):
            raise ValueError(f"{name} of a fault is {value!r}")
    fault = Fault(**{**given, "entries": tuple(given.get("entries", ()))})
    if not all(isinstance(position, int) for position in fault.entries):
        raise ValueError("entries are positions")
    if fault.latency_ms < 0 or not 100 <= fault.status <= 599:
        raise ValueError("latency_ms is not negative, status is a status of HTTP")
    if not 0 < fault.share <= 1:
        raise ValueError("share is above 0 and at most 1")
    if not (fault.error or fault.latency_ms or fault.reset):
        raise ValueError("a fault needs error, latency_ms or reset")
    if fault.entries and not fault.error:
        raise ValueError("a fault with entries needs error")
    if fault.reset not in (None, "before", "after"):
        raise ValueError("reset is before or after")
    return fault
