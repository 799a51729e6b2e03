"""Waiting between attempts is botocore's and ours; tests of it do not wait that long."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import pytest


class FastTime:
    """A clock on which sleeping takes a hundredth of the time; `slept` is what was slept in all."""

    def __init__(self) -> None:
        self.slept = 0.0
        self._lock = threading.Lock()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / 100)
        with self._lock:
            self.slept += seconds

    def monotonic(self) -> float:
        return time.monotonic() + self.slept * 0.99


@pytest.fixture(autouse=True)
def fast_time(monkeypatch: pytest.MonkeyPatch) -> FastTime:
    """Every pause between two attempts lasts a hundredth."""
    fast = FastTime()
    short = SimpleNamespace(sleep=fast.sleep, time=time.time, monotonic=time.monotonic)
    monkeypatch.setattr("botocore.endpoint.time", short)
    monkeypatch.setattr("reconciler.aws.retry.time", fast)
    monkeypatch.setattr("reconciler.aws.rate_limit.time", short)
    return fast
