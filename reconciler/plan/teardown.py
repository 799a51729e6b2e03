"""Teardown: the changes that take down everything that a mesh has made, and what of it stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from reconciler.kinds import AnyKind
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.kinds.lakeformation.shares import Shares
from reconciler.kinds.territory import ownership_of
from reconciler.model.address import Address, Placement
from reconciler.model.change import Change, Delete, Update
from reconciler.model.plan import Held, Plan
from reconciler.model.resource import AnyResource, Observation, Resource, Snapshot
from reconciler.plan.build import build
from reconciler.plan.diff import Difference
from reconciler.plan.scope import Scoped, scope
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that stays, and why."""

    address: Address
    why: str


def teardown(
    mesh: Mesh, wanted: Snapshot, adopted: Iterable[Address], observation: Observation, kinds: Mapping[str, AnyKind]
) -> tuple[Plan, tuple[Kept, ...]]:
    """The plan that removes what the mesh has made. What it uses, what was `adopted`, and data stay."""
    ownership = ownership_of(mesh, wanted, observation.found, Shares(mesh, Snapshot(), observation).stuck)
    scoped, was_there = scope(observation.found, wanted, ownership, kinds), frozenset(adopted)
    kept = dict(_kept(scoped, wanted, was_there, kinds))
    changes: list[Change] = []
    for address, have in scoped.ours.items():
        owner = kinds[address.kind].owner(have, ownership)
        if isinstance(have.spec, LakeSettings):
            changes.extend(_without_own_admins(wanted.get(address), have))
            kept[address] = "an account keeps its settings"
        elif owner.is_ours and owner.note:
            kept[address] = owner.note
        elif address not in kept and not kinds[address.kind].has_nothing_managed(have):
            changes.append(Delete(have))
    going = {change.address for change in changes if isinstance(change, Delete)}
    for address in was_there & scoped.ours.keys():
        with_it = next((each for each in kinds[address.kind].needs(scoped.ours[address]) if each in going), None)
        if with_it is not None:
            kept[address] = f"it was adopted, and goes with {with_it.kind} {with_it.name}"
    blind = {(gap.kind, gap.placement): gap.reason for gap in observation.gaps}
    held = [Held(each, f"not seen as a whole: {why}") for each in changes if (why := _unseen(each, blind))]
    done = [each for each in changes if not _unseen(each, blind)]
    plan = build(Difference(tuple(done), tuple(held)), observation, mesh, kinds, scoped.foreign)
    return plan, tuple(Kept(address, kept[address]) for address in sorted(kept))


def _unseen(change: Change, blind: Mapping[tuple[str, Placement], str]) -> str | None:
    return blind.get((change.address.kind, change.address.placement))


def _kept(
    scoped: Scoped, wanted: Snapshot, adopted: frozenset[Address], kinds: Mapping[str, AnyKind]
) -> Iterator[tuple[Address, str]]:
    for address in scoped.ours:
        want = wanted.get(address)
        if want is not None and want.mode == "external":
            yield address, "it was there before the mesh, which only uses it"
        elif address in scoped.used:
            yield address, f"it {scoped.used[address].words}, and is only used"
        elif address in adopted:
            yield address, "it was there before the mesh and was adopted"
    for other in scoped.foreign:
        address, alone = other.resource.address, Delete(other.resource)
        # Of what is ours, parts of others are left where it goes, if it can go without them.
        if address not in scoped.ours or kinds[address.kind].blocked(alone, ()):
            yield address, other.reason


def _without_own_admins(want: AnyResource | None, have: Resource[LakeSettings]) -> Iterator[Change]:
    """Roles that go are no administrators any more: AWS takes no settings that name one who is gone."""
    own = want.spec.own_roles if want is not None and want.mode == "managed" else ""
    left = frozenset(arn for arn in have.spec.admins if not own or own not in arn)
    if left != have.spec.admins:
        yield Update(have, replace(have, spec=replace(have.spec, admins=left)))
