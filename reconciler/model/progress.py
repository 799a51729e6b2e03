"""Progress: told of each piece of a work as it is done."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int], None]
"""Hears what was done, and how many such pieces there are in all."""


def silent(done: str, total: int) -> None:
    """Where nobody listens."""
    del done, total
