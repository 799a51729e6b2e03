"""Retry: ask again while AWS's refusal is of a sort that passes, for as long as its sort may last (refusals.py).

A throttled request is a matter of rate_limit.py; an entry that was throttled alone, in an answer that is fine as a
whole, is one of this module. Lake Formation answers ConcurrentModificationException with status 400, which no SDK
retries. https://docs.aws.amazon.com/lake-formation/latest/dg/troubleshooting.html
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from reconciler.aws.rate_limit import THROTTLED
from reconciler.aws.refusals import PATIENCE, Refusal, refusal
from reconciler.model.call import Call

_ALREADY = frozenset({"AlreadyExistsException", "EntityAlreadyExists", "BucketAlreadyOwnedByYou"})
_FIRST_PAUSE, _LONGEST_PAUSE, _BREATH = 0.1, 5.0, 0.5


class Interrupted(Exception):
    """The run was told to stop while it waited."""


def now() -> float:
    """The time by which patience is measured."""
    return time.monotonic()


def never() -> str | None:
    """No reason to stop."""
    return None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the calls of a batch of steps may be asked again.

    `since` is when the last thing was done for which they had to wait (by `now`). `stop` gives a reason to
    wait no longer.
    """

    since: float
    stop: Callable[[], str | None] = never

    def left(self, line: Refusal, first: float) -> float:
        """Seconds for which a refusal may still last, of a call that was sent first at `first`."""
        begin = first if line.meaning == "collision" else self.since
        return begin + PATIENCE.get(line.meaning, 0.0) - now()

    def longest(self) -> float:
        """Seconds until no refusal but a collision is believed to pass."""
        return self.since + max(PATIENCE.values()) - now()

    def answer(self, call: Call, send: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The answer of `send`, asked again while its refusal is of the passing sort. Raises the last ClientError."""
        first = now()
        delays = _delays()
        while True:
            try:
                return send()
            except ClientError as error:
                line = meaning(call, error)
                left = self.left(line, first) if line is not None else 0.0
                if left <= 0:
                    raise
                self.pause(min(left, next(delays)))

    def rounds(self, seconds: float) -> Iterator[None]:
        """Yield until `seconds` are over, sleeping in between."""
        end = now() + seconds
        for delay in _delays():
            yield
            left = end - now()
            if left <= 0:
                return
            self.pause(min(left, delay))

    def pause(self, seconds: float) -> None:
        """Sleep. Raises Interrupted as soon as there is a reason to stop."""
        end = now() + seconds
        while (left := end - now()) > 0:
            if reason := self.stop():
                raise Interrupted(reason)
            time.sleep(min(left, _BREATH))


def meaning(call: Call, error: ClientError) -> Refusal | None:
    """What a refusal means. None for a throttled request: that was tried often enough (rate_limit.py)."""
    code, message = error_parts(error)
    was_request = "ResponseMetadata" in error.response
    return None if code in THROTTLED and was_request else refusal(call.service, call.operation, code, message)


def is_collision(call: Call, error: ClientError) -> bool:
    """Whether somebody else writes there just now."""
    line = meaning(call, error)
    return line is not None and line.meaning == "collision"


def error_parts(error: ClientError) -> tuple[str, str]:
    """Code and message of a refusal."""
    body = error.response.get("Error", {})
    return str(body.get("Code", "")), str(body.get("Message", error))


def is_echo(error: ClientError) -> bool:
    """Whether AWS refuses to make what an earlier attempt of the same request has made, whose answer was lost."""
    code, message = error_parts(error)
    attempts = error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0)
    return attempts > 0 and (code in _ALREADY or "already exists" in message or "already created" in message)


def _delays() -> Iterator[float]:
    """From 0.1 s doubling to 5 s, with jitter."""
    delay = _FIRST_PAUSE
    while True:
        yield delay * random.uniform(0.5, 1.5)
        delay = min(delay * 2, _LONGEST_PAUSE)
