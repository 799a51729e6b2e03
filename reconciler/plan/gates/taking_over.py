"""taking-over: something of that name exists and was not made by this mesh."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from reconciler.kinds import registry
from reconciler.kinds.territory import ownership_of
from reconciler.model.change import Update
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

_LONGEST = 80
TAKING_OVER = Rule(
    "taking-over",
    "error",
    "What exists and was not made by this mesh is taken over only when somebody says so.",
    "What exists is used as it is, unless mesh.yaml names it (territory.takeOver). Then the plan changes it, and "
    "others may stand on it as it is: readers of a location, writers of a bucket, users of a workgroup. Accept by name "
    "when its owner agrees.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each thing that the plan changes and that is somebody else's, of whatever kind."""
    if reviewed.observation is None:
        return
    yield from _unknown(reviewed)
    ownership = ownership_of(reviewed.mesh, reviewed.wanted, reviewed.observation.found)
    for step in reviewed.steps:
        change = step.change
        if not isinstance(change, Update):
            continue
        owner = registry()[change.address.kind].owner(change.have, ownership)
        if owner.is_somebodys:
            yield Finding(
                TAKING_OVER.id,
                TAKING_OVER.severity,
                f"The {change.address.kind} {change.address.name} exists in {change.address.placement.account} and "
                f"{owner.words}. This plan would take it over and change {', '.join(_changed(change))}.",
                change.origin,
            )


def _unknown(reviewed: Review) -> Iterable[Finding]:
    """Names that the mesh would take over and asks for nowhere."""
    asked = {(address.kind, address.name) for address in reviewed.wanted}
    for kind, names in reviewed.mesh.territory.take_over.items():
        for name in names:
            if (kind, name) not in asked:
                origin = reviewed.mesh.settings.at("territory", "takeOver", kind)
                yield Finding(
                    TAKING_OVER.id, "warning", f"No document asks for a {kind} {name}; it is not taken over.", origin
                )


def _changed(change: Update) -> Iterable[str]:
    """The fields that would change, each with both values where they are short."""
    for each in fields(change.want.spec):
        old, new = getattr(change.have.spec, each.name), getattr(change.want.spec, each.name)
        if each.compare and old != new:
            told = f"{each.name} from {old!r} to {new!r}"
            yield told if len(told) <= _LONGEST and isinstance(old, str | int) else each.name
