"""Strike: something happens before or after the nth write that a run sends to the simulated AWS."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from unittest import mock

from botocore.exceptions import ReadTimeoutError

from reconciler.aws.writer import Writer
from reconciler.model.call import Call
from reconciler.sandbox import inprocess

When = Literal["before", "after"]
LATE = 0.02
"""Seconds."""
PAGE = b"<!DOCTYPE html><html><body>Sign in to this network</body></html>"
_SERVE, _REQUEST = inprocess.serve, Writer.request


def moments(before: bool) -> tuple[When, ...]:
    """When a trial strikes: after a write, and also before it."""
    return ("before", "after") if before else ("after",)


class Killed(BaseException):
    """What a kill is within a process: from then on no request leaves it, and nothing is written."""


@dataclass(frozen=True)
class Sent:
    """A write as it reached AWS: of which call it is, what was sent, and AWS's code if it was refused."""

    call: Call
    operation: str
    params: dict[str, Any]
    error: str


@dataclass
class Strikes:
    """Writes are counted from 1. `at` are those at which `act` is called, `when` they are about to be served, or were.

    `is_stale`: what is asked again is answered as before, twice. `hangs`: of fifteen requests one never comes back, and
    half of those are done. `is_slow`: of seven one comes back late. `breaks`: of eleven one comes back as a page of
    somebody in between, with status 200. `odd` is how many were.
    """

    at: Container[int] = ()
    when: Container[When] = ("after",)
    act: Callable[[], None] = lambda: None
    sent: list[Sent] = field(default_factory=list)
    count: int = 0
    moment: When = "before"
    is_dead: bool = False
    is_stale: bool = False
    is_slow: bool = False
    hangs: bool = False
    breaks: bool = False
    asked: int = 0
    odd: int = 0
    _answers: dict[Any, list[Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _thread: threading.local = field(default_factory=threading.local)

    def kill(self) -> None:
        """The end of the process, as far as anybody outside can see."""
        self.is_dead = True
        raise Killed

    def serve(self, real: Callable[..., Any], world: Any, wire: Any) -> Any:
        """One request on its way; those that no step has sent (reads, lock, journal) only die with the rest."""
        if self.is_dead:
            raise Killed
        # One at a time, so that what "after the nth" means does not hang on threads, and AWS can be copied at each.
        with self._lock:
            if self.is_dead:
                raise Killed
            self.asked += 1
            hangs, late = self.hangs and self.asked % 15 == 0, self.is_slow and self.asked % 7 == 0
            breaks = self.breaks and self.asked % 11 == 0
            self.odd += hangs + late
            if not hangs or self.asked % 2:
                answer = self._served(real, world, wire)
            if breaks and answer.status == 200 and answer.body:
                self.odd += 1
                answer = replace(answer, body=PAGE)
            if hangs:
                raise ReadTimeoutError(endpoint_url=wire.host)
        # Others overtake it.
        time.sleep(LATE if late else 0)
        return answer

    def _read(self, real: Callable[..., Any], world: Any, wire: Any) -> Any:
        """S3 answers with what was written last; others need not. https://aws.amazon.com/s3/consistency/"""
        if not self.is_stale or ".s3" in wire.host or wire.host.startswith(("s3.", "sts.")):
            return real(world, wire)
        scope = wire.scope()
        key = (scope and scope.key_id, wire.host, wire.path, wire.query, wire.headers.get("x-amz-target"), wire.body)
        if known := self._answers.get(key):
            self.odd += 1
            return known.pop()
        answer = real(world, wire)
        if key not in self._answers:
            self._answers[key] = [answer] * 2
        return answer

    def _served(self, real: Callable[..., Any], world: Any, wire: Any) -> Any:
        write: tuple[Call, str, dict[str, Any]] | None = getattr(self._thread, "write", None)
        if write is None:
            return self._read(real, world, wire)
        self.count += 1
        self._strike("before")
        answer = real(world, wire)
        error = str(list(world.calls)[-1].error) if answer.status >= 300 else ""
        self.sent.append(Sent(*write, error))
        self._strike("after")
        return answer

    def _strike(self, moment: When) -> None:
        if moment in self.when and self.count in self.at:
            self.moment = moment
            self.act()

    def request(self, real: Callable[..., Any], writer: Writer, call: Call, operation: str, params: Any) -> Any:
        """What `Writer.request` sends is known by its thread."""
        self._thread.write = (call, operation, params)
        try:
            return real(writer, call, operation, params)
        finally:
            self._thread.write = None


@contextmanager
def striking(strikes: Strikes) -> Iterator[Strikes]:
    """Every write of this process is counted while this is open, by these strikes and no others."""
    with (
        mock.patch.object(inprocess, "serve", lambda world, wire: strikes.serve(_SERVE, world, wire)),
        mock.patch.object(Writer, "request", lambda self, *given: strikes.request(_REQUEST, self, *given)),
    ):
        yield strikes
