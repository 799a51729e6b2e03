"""Place: a folder for the files that targets read, gone when the process ends."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

_KEPT: list[TemporaryDirectory[str]] = []


@cache
def place() -> Path:
    """The folder of this process."""
    _KEPT.append(TemporaryDirectory(prefix="meshform-fuzz-"))
    return Path(_KEPT[0].name)
