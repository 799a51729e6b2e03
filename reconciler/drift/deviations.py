"""Deviations: everything in AWS that is not as the mesh says, whoever could set it right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from reconciler.kinds import registry
from reconciler.kinds.iam.permissions_due import is_given, unfinished
from reconciler.model.address import Address
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.plan import Held, Plan, Step
from reconciler.model.resource import AnyResource

Way = Literal["came", "went", "changed"]


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that is not as it should be: it came, it went, or it was changed.

    `words` say what of it, where its address does not; `called` is how requests speak of that part.
    """

    resource: AnyResource
    way: Way
    words: str = ""
    called: str = ""

    @property
    def address(self) -> Address:
        return self.resource.address


def deviations(plan: Plan) -> tuple[Deviation, ...]:
    """What apply would set right, rights that others added, and what apply leaves as it is."""
    return tuple(_deviations(plan))


def unsettled(plan: Plan) -> tuple[Held, ...]:
    """What was seen to differ and is not set right by an apply: somebody has to do something there.

    What nobody has made yet is none of it, nor is what was not seen.
    """
    blind = {(gap.kind, gap.placement) for gap in plan.gaps}
    return tuple(
        item
        for item in plan.held
        if item.is_unmet
        or (not isinstance(item.change, Create) and (item.address.kind, item.address.placement) not in blind)
    )


def deviating(plan: Plan) -> tuple[Step, ...]:
    """The steps that set something right: what does not last is never missing, and what only comes after the making of
    something is not there yet."""
    kinds, later = registry(), unfinished(plan.steps)
    return tuple(
        step
        for step in plan.steps
        if kinds[step.address.kind].lasting and (not is_given(step.address) or step in later)
    )


def _deviations(plan: Plan) -> Iterator[Deviation]:
    for step in deviating(plan):
        yield _of_change(step.change)
    for other in plan.added_rights:
        yield Deviation(other.resource, "came", other.reason, other.called)
    for item in unsettled(plan):
        yield _of_change(item.change, item.reason)


def _of_change(change: Change, words: str = "") -> Deviation:
    match change:
        case Create(want):
            return Deviation(want, "went", words)
        case Update(have, _):
            return Deviation(have, "changed", words)
        case Delete(have):
            return Deviation(have, "came", words)
