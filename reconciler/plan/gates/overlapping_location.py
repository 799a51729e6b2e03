"""overlapping-location: a location is registered above or below one that somebody else has registered."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.lakeformation.location import Location
from reconciler.model.change import Create, Delete
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

OVERLAPPING = Rule(
    "overlapping-location",
    "warning",
    "A location that the mesh registers lies neither in one that somebody else has registered nor around it.",
    "A registration holds for all that is below it "
    "(https://docs.aws.amazon.com/lake-formation/latest/dg/register-data-lake.html); which of two counts where they "
    "overlap, AWS does not say. Tables there may be read with the other one's role, or no more. Talk to whoever "
    "registered it, deregister it, or give the domain another prefix.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each new location and each registration that it overlaps."""
    if reviewed.observation is None:
        return
    going = {step.address for step in reviewed.steps if isinstance(step.change, Delete)}
    there = [
        have
        for have in reviewed.observation.found.of(Location)
        if have.address not in reviewed.wanted and have.address not in going
    ]
    for step in reviewed.steps:
        change = step.change
        if not isinstance(change, Create) or not isinstance(change.want.spec, Location):
            continue
        for have in there:
            how = _overlap(change.address.name, have.address.name)
            if how and have.address.placement == change.address.placement:
                yield Finding(
                    OVERLAPPING.id,
                    OVERLAPPING.severity,
                    f"{change.address.name} lies {how} {have.address.name}, which is registered with "
                    f"{have.spec.role or 'the service-linked role'} and is not the mesh's.",
                    change.want.origin,
                )


def _overlap(new: str, old: str) -> str:
    """How a place lies to another one, at slashes; empty where they have nothing in common."""
    if f"{new}/".startswith(f"{old.rstrip('/')}/"):
        return "in"
    return "around" if f"{old}/".startswith(f"{new.rstrip('/')}/") else ""
