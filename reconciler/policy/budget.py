"""Budget: how many steps a policy may take. They are counted before they are taken: nothing can stop them."""

from __future__ import annotations

from reconciler.policy.cel import TooManySteps

AT_ONCE, TOGETHER, FREE = 2_000_000, 10_000_000, 5_000
"""Steps that one expression may take; that a policy may take over all objects; and those of each object that do not
count, so that a policy which takes its time for each is none of it, however large the mesh is."""


class Budget:
    """What is left for one policy."""

    def __init__(self) -> None:
        self._left, self._free = TOGETHER, FREE

    def begin(self) -> None:
        """The next object is judged."""
        self._free = FREE

    def spend(self, steps: int) -> None:
        """Take so many steps. Raises TooManySteps."""
        if steps > AT_ONCE:
            raise TooManySteps(f"it would take {steps:,} steps at once, {AT_ONCE:,} are allowed")
        paid = max(0, steps - self._free)
        self._free = max(0, self._free - steps)
        self._left -= paid
        if self._left < 0:
            raise TooManySteps(f"it would take more than {TOGETHER:,} steps over all objects, {steps:,} for this one")
