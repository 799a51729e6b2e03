"""Waiting for what another thread or process does: by looks, not by the clock, so that a busy machine fails nothing."""

from __future__ import annotations

import time
from collections.abc import Callable

LOOKS = 20_000


def until(true: Callable[[], object]) -> None:
    """Look again and again until it is true. AssertionError: it never was."""
    for _ in range(LOOKS):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError(f"{true} was not true in {LOOKS} looks")
