"""Call: one AWS write as data, printable, checkable and comparable before anything is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reconciler.model.address import Placement

Params = Mapping[str, Any]
Part = tuple[str, ...]
"""Something of an account that a request changes, as a path: what stands below it is a part of it."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """A read that is made when its time comes; `path` is the JMESPath of what is wanted in the answer.

    `of`: the named parameter takes what another lookup finds before; where that is nothing, it is left out.
    """

    placement: Placement
    service: str
    operation: str
    params: Params
    path: str
    of: tuple[str, Lookup] | None = None

    def as_json(self) -> dict[str, Any]:
        """The lookup as plain data."""
        data: dict[str, Any] = {
            "account": self.placement.account,
            "region": self.placement.region,
            "service": self.service,
            "operation": self.operation,
            "params": dict(self.params),
            "path": self.path,
        }
        if self.of is not None:
            data["of"] = {"param": self.of[0], "of": self.of[1].as_json()}
        return data


@dataclass(frozen=True, slots=True)
class Call:
    """One write request.

    `each`: the named parameter takes every value that the lookup finds at the time, a request for each.
    `until`: the call (with its `each`) is repeated until the lookup finds something true, for `patience` seconds.
    `fails`: JMESPath in the answer of `until`; what it finds there ends the waiting, and says why the call failed.
    `done_if`: error codes which mean that the goal is reached already.
    `operation` may be empty when there is nothing to send and only `until` is waited for.
    """

    placement: Placement
    service: str
    operation: str
    params: Params
    each: tuple[str, Lookup] | None = None
    until: Lookup | None = None
    patience: int = 0
    fails: str = ""
    success_errors: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """The operation, for people; where nothing is sent, what is waited for."""
        if self.operation:
            return f"{self.service}.{self.operation}"
        asked = f", and {self.until.operation} asked until it is so" if self.until is not None else ""
        return f"{self.service}: nothing is sent{asked}"

    def as_json(self) -> dict[str, Any]:
        """The call as plain data, as in the JSON form of a plan."""
        data: dict[str, Any] = {
            "account": self.placement.account,
            "region": self.placement.region,
            "service": self.service,
            "operation": self.operation,
            "params": dict(self.params),
        }
        if self.each is not None:
            data["each"] = {"param": self.each[0], "of": self.each[1].as_json()}
        if self.until is not None:
            data["until"] = self.until.as_json()
        return data


def digest_of(data: object) -> str:
    """A short digest of plain data; the same on every machine and under every hash seed."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=_moment)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _moment(value: object) -> str:
    """A time in a document that AWS gave and gets back; the same text in every time zone."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(f"no plain data: {value!r}")
