"""Delay: time that passes where somebody waits for it, so that AWS's own delays cost a test nothing."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import datetime, timedelta

import pytest
from moto.core.utils import utcnow

SECONDS = 10.0
"""How long other services do not know a new role, and Lake Formation no new administrator."""


class Delay:
    """A clock that pauses of ours and the sandbox's propagation go by; `waited` is what each thread has waited."""

    def __init__(self) -> None:
        self.waited: Counter[str] = Counter()
        self._passed = 0.0
        self._lock = threading.Lock()

    def sleep(self, seconds: float) -> None:
        """Wait: it takes no time, and time passes."""
        with self._lock:
            self._passed += seconds
            self.waited[threading.current_thread().name] += seconds

    def over(self) -> None:
        """Whatever was made is known everywhere."""
        self._passed += SECONDS

    def monotonic(self) -> float:
        """The clock of pauses and of what changed a moment ago."""
        return time.monotonic() + self._passed

    def utcnow(self) -> datetime:
        """The clock by which roles are made."""
        found: datetime = utcnow() + timedelta(seconds=self._passed)
        return found

    def rule(self, patch: pytest.MonkeyPatch) -> None:
        """Make our pauses and the sandbox's delays go by this clock."""
        patch.setattr("reconciler.aws.retry.time", self)
        patch.setattr("reconciler.sandbox.services.iam.propagation.time", self)
        patch.setattr("reconciler.sandbox.services.iam.propagation.utcnow", self.utcnow)
        patch.setattr("reconciler.sandbox.services.lakeformation.settings.time", self)
        patch.setattr("moto.iam.models.utcnow", self.utcnow)
