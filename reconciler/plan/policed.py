"""What the policies of a mesh over access, changes and plans say of a review. Only who has policies imports this."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reconciler.access import Access, AccessDifference, facts_of
from reconciler.model.finding import Finding
from reconciler.plan.counted import counted
from reconciler.plan.review import Review
from reconciler.policy.access_objects import access_objects, change_objects
from reconciler.policy.judged import Breach, of_access
from reconciler.policy.loading import policies_over, wanted_of
from reconciler.spec.today import today


def judged(reviewed: Review, difference: AccessDifference) -> Iterator[Finding]:
    """What they say of a difference, and of what it leaves. What was so before is a warning."""
    yield from (breach.finding for breach in (*changes(reviewed, difference), *as_a_whole(reviewed, difference)))
    before = {_key(breach) for breach in standing(reviewed, difference.before)}
    for breach in standing(reviewed, difference.after):
        finding = breach.finding
        if _key(breach) in before and finding.severity == "error" and not breach.gave_up:
            finding = replace(finding, severity="warning", message=f"{finding.message} It is so already.")
        yield finding


def changes(reviewed: Review, difference: AccessDifference) -> Iterator[Breach]:
    """What policies over `change` say of what somebody gains or loses."""
    mesh = reviewed.mesh
    asked = policies_over(mesh, "change")
    if asked:
        beside = {(each.principal, each.place.database, each.place.table) for each in reviewed.unrequested_gains}
        beside |= {(each.principal, each.place.database, each.place.table) for each in reviewed.unrequested_losses}

        def requested(principal: str, database: str, table: str) -> bool:
            return (principal, database, table) not in beside

        things = change_objects(difference, mesh, reviewed.known_before, requested, wanted_of(asked, mesh))
        yield from of_access(asked, "change", things, mesh, today())


def as_a_whole(reviewed: Review, difference: AccessDifference) -> Iterator[Breach]:
    """What policies over `plan` say of its numbers; of what the documents ask for, where AWS was not read."""
    mesh = reviewed.mesh
    asked = policies_over(mesh, "plan")
    if asked:
        steps = (step.change for step in reviewed.steps)
        of = counted(
            steps if reviewed.plan is not None else reviewed.asked or (),
            difference,
            mesh,
            reviewed.known_before or mesh,
        )
        yield from of_access(asked, "plan", (of,), mesh, today())


def standing(reviewed: Review, state: Access) -> Iterator[Breach]:
    """What policies over `access` say of a state."""
    mesh = reviewed.mesh
    asked = policies_over(mesh, "access")
    if asked:
        yield from of_access(asked, "access", access_objects(facts_of(state, mesh), mesh), mesh, today())


def _key(breach: Breach) -> tuple[str, str, str, str, str]:
    thing = breach.thing
    return breach.policy.name, thing.principal, thing.database, thing.table, thing.path
