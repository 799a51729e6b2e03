"""Waiting between attempts is botocore's and ours; tests of it do not wait that long."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every pause between two attempts lasts a hundredth."""
    real = time.sleep
    short = SimpleNamespace(sleep=lambda seconds: real(seconds / 100), time=time.time, monotonic=time.monotonic)
    monkeypatch.setattr("botocore.endpoint.time", short)
    monkeypatch.setattr("reconciler.aws.retry.time", short)
    monkeypatch.setattr("reconciler.aws.rate_limit.time", short)
