"""Remaining: how much of a work is done, and for how long it may go on."""

from __future__ import annotations

_ENOUGH = 5
"""Pieces by which the others are judged."""


def remaining(done: int, total: int, seconds: float) -> str:
    """`12 of 96, about 40 s left`, if the rest goes on as what was done in these seconds."""
    said = f"{done} of {total}"
    if done < _ENOUGH or done >= total:
        return said
    left = seconds / done * (total - done)
    return f"{said}, about {left:.0f} s left" if left < 99.5 else f"{said}, about {left / 60:.0f} min left"
