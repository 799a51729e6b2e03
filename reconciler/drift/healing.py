"""Healing: which deviations may be set back without anybody being asked, and which are a quarrel of two owners.

Pure. What counts stands in CloudTrail's history, so nothing has to be remembered between runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise

from reconciler.drift.causes import Causes, key
from reconciler.drift.deviations import Deviation
from reconciler.kinds.sharing.reconciler_rights import apply_role_arn
from reconciler.model.address import Address
from reconciler.model.api_call import ApiCall
from reconciler.model.change import Change, Create, Delete
from reconciler.model.lakeformation import Grant
from reconciler.model.plan import Plan, Step
from reconciler.model.resource import Snapshot
from reconciler.plan.reviewed import Expected
from reconciler.spec.mesh import Mesh

TIMES = 3
"""So often something is set back; who changes it again then means it."""
WITHIN = timedelta(days=7)


def is_own(by: str, mesh: Mesh) -> bool:
    """Whether a session is one of Meshform's as the role that writes; of the name of a role, what is left of paths."""
    role = mesh.settings.roles.apply.rpartition("/")[2]
    return f":assumed-role/{role}/meshform" in by


def rounds(calls: Iterable[ApiCall], mesh: Mesh, now: datetime) -> int:
    """How often somebody else has changed a thing again after Meshform had set it back, lately."""
    # CloudTrail tells whole seconds, the newest first: what falls into the same one is in the opposite order.
    known = {call.id: call for call in reversed([*calls]) if call.at >= now - WITHIN}
    lately = sorted(known.values(), key=lambda each: each.at)
    own = [is_own(call.by, mesh) for call in lately]
    return sum(before and not after for before, after in pairwise(own))


def quarrels(about: Mapping[object, Iterable[ApiCall]], mesh: Mesh, now: datetime) -> dict[object, int]:
    """The things that two owners keep changing, with how often."""
    found = {thing: rounds(calls, mesh, now) for thing, calls in about.items()}
    return {thing: count for thing, count in found.items() if count >= TIMES}


def healable(
    plan: Plan,
    found: Snapshot,
    deviations: Iterable[Deviation],
    causes: Causes,
    quarrel: Iterable[object],
    mesh: Mesh,
) -> Expected:
    """The steps that may be made: of a kind that mesh.yaml names, changed by somebody else, and no quarrel, with all
    that is `given_again`; and of such a kind what `gives_back`.

    What nobody else is known to have changed may be what documents ask for and no apply has made yet: that is not drift
    to be healed, and was perhaps approved by nobody.
    """
    kinds = set(mesh.settings.drift.heal.kinds)
    others = changed_by_others(deviations, causes, quarrel, mesh)
    back = (step for step in plan.steps if step.address.kind in kinds and gives_back(step.change, mesh))
    chosen = [step for step in plan.steps if step.address in others and not unnamed_with(step, plan, found, mesh)]
    again = [each for step in chosen for each in given_again(step, plan, found)]
    return {str(step.address): frozenset({step.digest}) for step in (*chosen, *again, *back)}


def changed_by_others(
    deviations: Iterable[Deviation], causes: Causes, quarrel: Iterable[object], mesh: Mesh
) -> frozenset[Address]:
    """Of the kinds that mesh.yaml names, what somebody else has changed, and is no quarrel."""
    kinds, fought = set(mesh.settings.drift.heal.kinds), set(quarrel)
    return frozenset(
        each.address
        for each in deviations
        if each.address.kind in kinds
        and key(each) not in fought
        and (known := causes.get(key(each))) is not None
        and known.by
        and not is_own(known.by, mesh)
    )


def given_again(step: Step, plan: Plan, found: Snapshot) -> Iterator[Step]:
    """What AWS still lists and is given once more, since what it is for or on is made anew by a step.

    Once that is there, nothing tells any more that it may be void (docs/assumptions.md: roles-made-anew).
    """
    for each in plan.steps:
        if step.address in each.waits_for and isinstance(each.change, Create) and each.address in found:
            yield each


def unnamed_with(step: Step, plan: Plan, found: Snapshot, mesh: Mesh) -> frozenset[str]:
    """The kinds of what is given again with a step that mesh.yaml does not let be healed."""
    return frozenset(each.address.kind for each in given_again(step, plan, found)) - {*mesh.settings.drift.heal.kinds}


def gives_back(change: Change, mesh: Mesh) -> bool:
    """Whether a change takes a right away from the role that writes: as the maker of a table it has all of them, until
    the step that makes it gives them back (ADR 12). Healing that was killed in between leaves them."""
    if not isinstance(change, Delete) or not isinstance(change.have.spec, Grant):
        return False
    return change.have.spec.principal == apply_role_arn(mesh, change.address.placement)
