"""Bugs: an exception that nobody expected, in one line for whoever mends it."""

from __future__ import annotations

import traceback


def told(error: BaseException) -> str:
    """What was raised and where: `KeyError: 'Name' at topic.py:61 in observe`."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "reconciler" in frame.filename]
    where = f" at {ours[-1].filename.rpartition('/')[2]}:{ours[-1].lineno} in {ours[-1].name}" if ours else ""
    return f"{type(error).__name__}: {error}{where}"


def not_understood(error: BaseException) -> str:
    """Why nothing is said or done about what AWS answered, for people."""
    return f"what AWS says was not understood, please report it: {told(error)}"
