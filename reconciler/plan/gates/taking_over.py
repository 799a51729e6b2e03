"""taking-over: something of that name exists and was not made by this mesh."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from reconciler.kinds import registry
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.territory import ownership_of
from reconciler.model.change import Change, Create, Update
from reconciler.model.finding import Finding
from reconciler.model.resource import AnyResource, Snapshot
from reconciler.plan.claims import Claim, claims
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

_LONGEST = 80
TAKING_OVER = Rule(
    "taking-over",
    "error",
    "What exists and was not made by this mesh is taken over only when somebody says so.",
    "What exists is used as it is, unless mesh.yaml names it (territory.takeOver). Then the plan changes it, and "
    "others may stand on it as it is: readers of a location, writers of a bucket, users of a workgroup. A database or "
    "a table that a product takes for its own is told until the mesh has put the product's tag on it, once: whoever "
    "writes a product need not own what it names. Accept by name when its owner agrees.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each thing that the plan changes and that is somebody else's, of whatever kind."""
    if reviewed.observation is None:
        return
    yield from _unknown(reviewed)
    yield from map(_of_claim, claims(reviewed))
    ownership = ownership_of(reviewed.mesh, reviewed.wanted, reviewed.observation.found)
    for step in reviewed.steps:
        for have, whose, how in _taken(step.change, reviewed.observation.found, ownership):
            yield Finding(
                TAKING_OVER.id,
                TAKING_OVER.severity,
                f"The {have.address.kind} {have.address.name} exists in {have.address.placement.account} and {whose}. "
                f"This plan would take it over and {how}.",
                step.change.origin,
            )


def _of_claim(claim: Claim) -> Finding:
    what = f"the tables {', '.join(claim.tables)} of the database" if claim.tables else "the database"
    return Finding(
        TAKING_OVER.id,
        TAKING_OVER.severity,
        f"The product {claim.product.name} would take {what} {claim.database} for its own, which exists and "
        f"{claim.owner.words}: whoever keeps and reads the product gets at what is in it.",
        claim.product.origin,
    )


def _taken(change: Change, found: Snapshot, ownership: Ownership) -> Iterable[tuple[AnyResource, str, str]]:
    """What of somebody's a change would make the mesh's: whose it is, and how. It is changed, or it is marked."""
    kinds = registry()
    if isinstance(change, Update):
        owner = kinds[change.address.kind].owner(change.have, ownership)
        if owner.is_somebodys:
            yield change.have, owner.words, f"change {', '.join(_changed(change))}"
    if isinstance(change, Create | Update):
        where = kinds[change.address.kind].marked(change.want)
        have = found.get(where) if where else None
        if have is not None and kinds[have.address.kind].owner(have, ownership).is_somebodys:
            yield have, "bears no mark of this mesh", "mark it: it would go with its document"


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
