"""Healing: which deviations may be set back without anybody being asked, and which are a quarrel of two owners.

Pure. What counts stands in CloudTrail's history, so nothing has to be remembered between runs.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from reconciler.drift.causes import Causes, key
from reconciler.drift.deviations import Deviation
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.iam.permissions_due import is_given, role_of, unfinished
from reconciler.kinds.sharing.reconciler_rights import apply_role_arn
from reconciler.model.address import Address
from reconciler.model.api_call import ApiCall
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.lakeformation import Grant
from reconciler.model.last_change import LastChange
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


@dataclass(frozen=True, slots=True)
class Healable:
    """The steps that may be made, and what is left since kinds that mesh.yaml does not name would come with it."""

    expected: Expected
    left: Mapping[Address, frozenset[str]]


def healable(
    plan: Plan,
    found: Snapshot,
    deviations: Iterable[Deviation],
    causes: Causes,
    quarrel: Iterable[object],
    mesh: Mesh,
) -> Healable:
    """What may be made: of a kind that mesh.yaml names, changed by somebody else, and no quarrel, with all that is
    given again; of such a kind what `gives_back` or `completes`; and what a role lacks that a run before has made anew.

    What nobody else is known to have changed may be what documents ask for and no apply has made yet: that is not drift
    to be healed, and was perhaps approved by nobody.
    """
    kinds = set(mesh.settings.drift.heal.kinds)
    others = _changed_by_others(deviations, causes, quarrel, kinds, mesh)
    begun = _begun(plan, found)
    again = _given_again(plan, found, begun)
    unnamed = {where: frozenset(step.address.kind for step in steps) - kinds for where, steps in again.items()}
    left = {
        step.address: unnamed[step.address]
        for step in plan.steps
        if step.address in others and unnamed.get(step.address)
    }
    chosen: list[Step] = []
    for steps in begun.values():
        named = {step.address.kind for step in steps} & kinds
        lacking = frozenset(step.address.kind for step in steps) - kinds
        if not lacking:
            chosen += steps
        elif named:
            left[steps[-1].address] = lacking
    for step in plan.steps:
        if step.address in others and step.address not in left:
            chosen += (step, *again.get(step.address, ()))
        elif step.address.kind in kinds and (gives_back(step.change, mesh) or completes(step.change)):
            chosen.append(step)
    return Healable({str(step.address): frozenset({step.digest}) for step in chosen}, left)


def _changed_by_others(
    deviations: Iterable[Deviation], causes: Causes, quarrel: Iterable[object], kinds: Container[str], mesh: Mesh
) -> frozenset[Address]:
    """What somebody else has changed of these kinds, and is no quarrel."""
    fought = set(quarrel)
    return frozenset(
        each.address
        for each in deviations
        if each.address.kind in kinds and key(each) not in fought and not unexplained(causes.get(key(each)), mesh)
    )


def unexplained(known: LastChange | None, mesh: Mesh) -> str:
    """Why what has this cause is not known to be somebody else's doing, which alone is set back; empty where it is."""
    if known is None or not known.by:
        return (
            "CloudTrail names nobody who changed it (its events come minutes late), and it may be what documents ask "
            "for and no apply has made yet"
        )
    return f"it was Meshform itself that changed it last ({known.by})" if is_own(known.by, mesh) else ""


def _begun(plan: Plan, found: Snapshot) -> Mapping[Address, list[Step]]:
    """By role that a run before has made anew, what it is still to be given again, and the last step of that."""
    steps = {step.address: step for step in plan.steps}
    return {
        role_of(last.address): [*(steps[each] for each in last.waits_for if _is_again(steps[each], found)), last]
        for last in unfinished(plan.steps)
    }


def _given_again(plan: Plan, found: Snapshot, begun: Mapping[Address, list[Step]]) -> Mapping[Address, list[Step]]:
    """What AWS still lists and is given once more, by what it is for or on, which is made anew by this plan."""
    again: dict[Address, list[Step]] = {}
    for step in plan.steps:
        for where in step.waits_for if _is_again(step, found) else ():
            if where not in begun:
                again.setdefault(where, []).append(step)
        if is_given(step.address) and role_of(step.address) not in begun:
            again.setdefault(role_of(step.address), []).append(step)
    return again


def _is_again(step: Step, found: Snapshot) -> bool:
    return isinstance(step.change, Create) and step.address in found


def completes(change: Change) -> bool:
    """Whether a change gives a role its policy and is about nothing else. It has had none only from its making on until
    now: healing that was killed in between leaves it so, and where somebody else took it away the history says that."""
    if not isinstance(change, Update) or not isinstance(change.have.spec, Role) or change.have.spec.policy:
        return False
    return bool(replace(change.have.spec, policy=change.want.spec.policy) == change.want.spec)


def gives_back(change: Change, mesh: Mesh) -> bool:
    """Whether a change takes a right away from the role that writes: as the maker of a table it has all of them, until
    the step that makes it gives them back (ADR 12). Healing that was killed in between leaves them."""
    if not isinstance(change, Delete) or not isinstance(change.have.spec, Grant):
        return False
    return change.have.spec.principal == apply_role_arn(mesh, change.address.placement)
