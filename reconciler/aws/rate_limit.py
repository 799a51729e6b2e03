"""Pace: how fast one account sends to one service, and what it sends again. On throttling slower, then faster again.

botocore's adaptive mode lowers its rate to what it measured last and climbs with the cube of time, so that an account
that throttles a third of all calls at random ends at one call in two seconds and stays there. Here every success gives
back a call a second, so it settles at about ten. What AWS answers by an error that passes is a matter of aws/retry.py.

| what came back                        | sent again                                                   |
|---------------------------------------|--------------------------------------------------------------|
| throttling                            | up to 10 times in all, and slower                            |
| nothing, or a failure of AWS (5xx)    | up to 5 times in all                                         |
| nothing within a minute               | twice in all; then nothing is sent there for a minute        |
| after 500 retries without successes   | no more: a success gives one back                            |

A write that was throttled was not done. One whose answer was lost may have been: see retry.is_echo.
"""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from typing import Any

from botocore.exceptions import BotoCoreError, ConnectTimeoutError, HTTPClientError, ReadTimeoutError
from botocore.exceptions import ConnectionError as NoConnection

from reconciler.aws.in_flight import InFlight

THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""What botocore takes for throttling, without LimitExceededException, by which most services mean a quota."""

LOST = frozenset({"RequestTimeout", "RequestTimeoutException"})
_LOST_STATUS = frozenset({500, 502, 503, 504})
_TOO_MANY = 429

ATTEMPTS, ATTEMPTS_OF_LOST, ATTEMPTS_OF_SILENT = 10, 5, 2
"""How often one request is sent at most."""

SILENCE = 60.0
"""Seconds for which nothing is sent to a host that has left a request without an answer, and has answered no other for
as long: one request a minute finds out whether it is back, instead of each of a run waiting for minutes."""

CREDIT = 500
"""Retries at first. Each costs one and a success gives one back, which bounds a whole run."""

LOWEST, STEP, CUT = 1.0, 1.0, 0.8
"""Calls a second: never fewer; so many more after a success; this share is left after a throttling."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds: the longest pause before the second attempt doubles with each, up to the last."""


class NoAnswer(BotoCoreError):
    """A host that did not answer a moment ago: the request was not sent."""

    fmt = "not sent, since the host has just left another request without an answer, twice"


class RateLimit:
    """The rate and the retries of one account at one service. Threads may share it.

    `retries` is how many requests were sent again, `waited` how many seconds were spent on keeping to the rate,
    `in_flight` how many writes go at the same time.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rate: float | None = None
        self._next = 0.0
        self._sent: deque[float] = deque(maxlen=10)
        self._credit = CREDIT
        self._silent_until: float | None = None
        self._answered = -SILENCE
        self.in_flight = InFlight()
        self.retries = 0
        self.waited = 0.0

    def wait(self) -> None:
        """Wait for this call's turn. No call waits before the first throttling. Raises NoAnswer."""
        with self._lock:
            now = time.monotonic()
            if self._silent_until is not None and now < self._silent_until:
                raise NoAnswer
            self._sent.append(now)
            if self._rate is None:
                return
            turn = max(now, self._next)
            self._next = turn + 1 / self._rate
            self.waited += turn - now
        if turn > now:
            time.sleep(turn - now)

    def pause(self, response: Any, attempts: int, caught_exception: Any = None, **_: Any) -> float | None:
        """Seconds until a request goes again, after so many attempts; None if it does not."""
        code = response[1].get("Error", {}).get("Code") if response is not None else None
        if isinstance(caught_exception, NoAnswer):
            return None
        with self._lock:
            if response is not None:
                self._silent_until, self._answered = None, time.monotonic()
            if isinstance(caught_exception, ReadTimeoutError | ConnectTimeoutError):
                most = ATTEMPTS_OF_SILENT
                if attempts >= most and (now := time.monotonic()) - self._answered >= SILENCE:
                    self._silent_until = now + SILENCE
            elif code in THROTTLED or (response is not None and response[0].status_code == _TOO_MANY):
                self._slow_down()
                most = ATTEMPTS
            elif code in LOST or _is_lost(response, caught_exception):
                most = ATTEMPTS_OF_LOST
            else:
                self._speed_up()
                return None
            if attempts >= most or self._credit == 0:
                return None
            self._credit -= 1
            self.retries += 1
        # A rate alone would let the threads that share it come back together.
        return random.uniform(0, min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE))

    def _slow_down(self) -> None:
        self.in_flight.collided()
        rate = self._rate if self._rate is not None else self._seen()
        self._rate = max(LOWEST, CUT * rate)

    def _speed_up(self) -> None:
        self._credit = min(self._credit + 1, CREDIT)
        if self._rate is not None:
            self._rate += STEP

    def _seen(self) -> float:
        """Calls a second, over the last few."""
        return len(self._sent) / max(time.monotonic() - self._sent[0], 0.1)


def _is_lost(response: Any, caught: Any) -> bool:
    if response is None:
        return isinstance(caught, NoConnection | HTTPClientError)
    return response[0].status_code in _LOST_STATUS
