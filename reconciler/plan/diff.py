"""Diff: the changes between what is wanted and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reconciler.kinds import AnyKind
from reconciler.kinds.common.owner import Owner
from reconciler.model.address import Address
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.plan import Held
from reconciler.model.resource import AnyResource, Observation, Snapshot

NOBODYS: Mapping[Address, Owner] = MappingProxyType({})

ABSENT = "the mesh uses it and does not make it, and it is not there: make it, or let the mesh do so"
"""Why something external is held."""
FALLS_SHORT = "used as it is and never written, and it lacks what the mesh needs"
"""Why something that is used is held."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Changes to make, and changes held because their place was not seen. Both sorted by address."""

    changes: tuple[Change, ...]
    held: tuple[Held, ...] = ()


def diff(
    wanted: Snapshot,
    observation: Observation,
    kinds: Mapping[str, AnyKind],
    used: Mapping[Address, Owner] = NOBODYS,
) -> Difference:
    """Compare canonical specs. What was not seen is neither created again nor deleted: it is held.

    What the mesh only uses (it says so, or it is in `used`, somebody else's) is never written; where it is not there or
    falls short of what the mesh needs, whatever stands on it waits.
    """
    changes: list[Change] = []
    held: list[Held] = []
    blind = {(gap.kind, gap.placement): gap.reason for gap in observation.gaps}
    found = observation.found
    for want, have in wanted.beside(found):
        address = want.address
        reason = blind.get((address.kind, address.placement)) if blind else None
        if reason is not None:
            held.append(Held(Create(want), f"not seen: {reason}"))
            continue
        if have is want:
            continue
        if have is None and want.mode == "external":
            held.append(Held(Create(want), f"{ABSENT} ({want.note})" if want.note else ABSENT, is_unmet=True))
            continue
        if (have is None or address in used) and kinds[address.kind].marked(want) in used:
            continue
        if have is None:
            changes.append(Create(want))
            continue
        merged = kinds[address.kind].merge_unmanaged(want, have)
        if want.mode == "external" or address in used:
            reason = _shortfall(kinds[address.kind], want, have, used.get(address))
            if reason is not None:
                held.append(Held(Update(have, merged), reason, is_unmet=True))
            continue
        if merged.spec != have.spec:
            changes.append(Update(have, merged))
    for gone in (each for each, want in found.beside(wanted) if want is None):
        address = gone.address
        if kinds[address.kind].has_nothing_managed(gone):
            continue
        reason = blind.get((address.kind, address.placement))
        if reason is not None:
            held.append(Held(Delete(gone), f"not seen as a whole: {reason}"))
        else:
            changes.append(Delete(gone))
    changes.sort(key=lambda change: change.address)
    held.sort(key=lambda item: item.address)
    return Difference(tuple(changes), tuple(held))


def _shortfall(kind: AnyKind, want: AnyResource, have: AnyResource, owner: Owner | None) -> str | None:
    """Why something that is there cannot be used as it is; None where it can."""
    if owner is not None and owner.mesh and want.mode == "managed":
        return f"the name is taken: it {owner.words}"
    lacking = "; ".join(kind.shortfalls(want, have))
    return f"{FALLS_SHORT}: {lacking}" if lacking else None


def snapshot_diff(base: Snapshot, head: Snapshot, kinds: Mapping[str, AnyKind]) -> tuple[Change, ...]:
    """What a pull request asks for: the same comparison between two compiled meshes, with no AWS."""
    return diff(head, Observation(base), kinds).changes
