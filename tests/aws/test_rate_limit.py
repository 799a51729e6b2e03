"""Pace: an account that AWS slows down goes slower and then faster again; others do not notice."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, ConnectTimeoutError, ReadTimeoutError

from reconciler.aws import rate_limit as module
from reconciler.aws.rate_limit import ATTEMPTS, ATTEMPTS_OF_LOST, CREDIT, LOWEST, SILENCE, NoAnswer, RateLimit


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def answer(status: int = 200, code: str = "") -> Any:
    """What botocore hands to those who decide about a retry."""
    return SimpleNamespace(status_code=status), {"Error": {"Code": code}} if code else {}


THROTTLED = answer(400, "ThrottlingException")


def send(pace: RateLimit, response: Any, attempts: int = 1, caught: Any = None) -> float | None:
    """An attempt of a request, and the pause after it."""
    pace.wait()
    return pace.pause(response, attempts, caught_exception=caught)


def test_nobody_waits_before_the_first_throttling(clock: Clock) -> None:
    pace = RateLimit()
    for _ in range(100):
        assert send(pace, answer()) is None
    assert clock.slept == []
    assert (pace.retries, pace.waited) == (0, 0)


def test_throttling_slows_down_and_success_speeds_up_again(clock: Clock) -> None:
    pace = RateLimit()
    for _ in range(20):
        send(pace, THROTTLED)
    clock.slept.clear()
    send(pace, answer())
    slow = send(pace, answer()) or clock.slept[-1]
    for _ in range(20):
        send(pace, answer())
    assert clock.slept[-1] < slow / 4
    assert pace.waited == pytest.approx(clock.now - 1000.0)


def test_however_much_is_throttled_some_calls_go(clock: Clock) -> None:
    pace = RateLimit()
    for _ in range(200):
        send(pace, THROTTLED)
    assert max(clock.slept) <= 1 / LOWEST + 1e-9


def test_a_third_throttled_at_random_leaves_several_calls_a_second(clock: Clock) -> None:
    pace, began = RateLimit(), clock.now
    for number in range(1000):
        send(pace, THROTTLED if number % 3 == 0 else answer())
    assert 1000 / (clock.now - began) > 5


def test_a_throttled_request_goes_again_after_a_pause_but_not_for_ever(clock: Clock) -> None:
    pauses = [send(RateLimit(), THROTTLED, attempts) for attempts in range(1, ATTEMPTS)]
    assert all(pause is not None and 0 <= pause <= module.LONGEST_PAUSE for pause in pauses)
    assert send(RateLimit(), THROTTLED, ATTEMPTS) is None


def test_pauses_differ_so_that_threads_do_not_come_back_together(clock: Clock) -> None:
    assert len({send(RateLimit(), THROTTLED, 6) for _ in range(10)}) > 5


@pytest.mark.parametrize("attempts", range(1, ATTEMPTS_OF_LOST + 1))
def test_what_got_lost_goes_again_and_slows_nothing(clock: Clock, attempts: int) -> None:
    for response, caught in (
        (answer(503), None),
        (answer(500, "InternalFailure"), None),
        (answer(400, "RequestTimeout"), None),
        (None, ConnectionClosedError(endpoint_url="https://aws")),
    ):
        pace = RateLimit()
        pause = send(pace, response, attempts, caught)
        assert (pause is None) == (attempts == ATTEMPTS_OF_LOST)
        pace.wait()
        assert pace.waited == 0


@pytest.mark.parametrize("silent", [ReadTimeoutError, ConnectTimeoutError])
def test_a_host_that_does_not_answer_is_asked_twice_and_then_once_a_minute(clock: Clock, silent: Any) -> None:
    pace, caught = RateLimit(), silent(endpoint_url="https://aws")
    assert send(pace, None, 1, caught) is not None
    assert send(pace, None, 2, caught) is None
    for _ in range(100):
        with pytest.raises(NoAnswer) as not_sent:
            pace.wait()
        assert pace.pause(None, 1, caught_exception=not_sent.value) is None
    clock.now += SILENCE
    assert send(pace, None, 2, caught) is None, "one finds out"
    with pytest.raises(NoAnswer):
        pace.wait()
    clock.now += SILENCE
    for attempts in (1, 2):
        send(pace, answer(400, "AccessDenied"), attempts)
    send(pace, None, 2, caught)
    pace.wait()  # It has answered another one.


def test_a_refusal_is_an_answer(clock: Clock) -> None:
    assert send(RateLimit(), answer(400, "AccessDeniedException")) is None
    assert send(RateLimit(), answer(400, "LimitExceededException")) is None, "a quota does not pass"
    assert send(RateLimit(), None, caught=ValueError("a bug")) is None


def test_a_run_that_does_not_come_forward_stops_asking(clock: Clock) -> None:
    pace = RateLimit()
    again = [send(pace, THROTTLED) is not None for _ in range(CREDIT + 10)]
    assert again == [True] * CREDIT + [False] * 10
    send(pace, answer())
    assert send(pace, THROTTLED) is not None, "a success gives one back"
    assert send(pace, THROTTLED) is None
    assert pace.retries == CREDIT + 1
