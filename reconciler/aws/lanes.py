"""Lanes: which steps may be made now, in a queue for each account; what was finished lets others in.

An account is one lane: what is ready there at a moment is made together, in few requests (aws/stepping.py). Nothing
waits but for what it needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.model.address import Address
from reconciler.model.plan import Plan, Step


@dataclass(frozen=True, slots=True, order=True)
class Lane:
    """Steps that follow each other: those of one account."""

    account: str


def lane_of(step: Step) -> Lane:
    """The lane of a step: nothing else says how many lanes there are, and how they are told apart."""
    return Lane(step.address.placement.account)


class Lanes:
    """The steps of a plan. Not for several threads."""

    def __init__(self, plan: Plan) -> None:
        steps = list(plan.steps)
        self._order = {step.address: number for number, step in enumerate(steps)}
        self._waiting: dict[Address, int] = {}
        self._followers: dict[Address, list[Step]] = {}
        self._ready: dict[Lane, list[Step]] = {}
        for step in steps:
            firsts = [first for first in step.waits_for if first in self._order]
            self._waiting[step.address] = len(firsts)
            for first in firsts:
                self._followers.setdefault(first, []).append(step)
            if not firsts:
                self._ready.setdefault(lane_of(step), []).append(step)

    def ready(self) -> Iterable[Lane]:
        """The lanes that have steps to make, in order."""
        return sorted(lane for lane, steps in self._ready.items() if steps)

    def take(self, lane: Lane) -> list[Step]:
        """The steps of a lane that may be made now, in the order of the plan. They are not given again."""
        return sorted(self._ready.pop(lane, ()), key=lambda step: self._order[step.address])

    def finish(self, address: Address) -> None:
        """What waited for this step only may be made."""
        for step in self._followers.pop(address, ()):
            self._waiting[step.address] -= 1
            if self._waiting[step.address] == 0:
                self._ready.setdefault(lane_of(step), []).append(step)
