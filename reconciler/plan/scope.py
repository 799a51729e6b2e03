"""Scope: decide on the inputs what is ours, before anything is compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.kinds import AnyKind
from reconciler.kinds.common.ownership import Ownership
from reconciler.model.plan import Foreign
from reconciler.model.resource import Snapshot


@dataclass(frozen=True, slots=True)
class Scoped:
    """What was found, parted: ours (or asked for), and other people's."""

    ours: Snapshot
    foreign: tuple[Foreign, ...]


def scope(found: Snapshot, wanted: Snapshot, ownership: Ownership, kinds: Mapping[str, AnyKind]) -> Scoped:
    """Part `found` by whose the kinds say that it is. What is asked for by address is compared, whoever made it."""
    ours, others = [], []
    for address, resource in found.items():
        kind = kinds[address.kind]
        if address in wanted:
            ours.append(resource)
            want = wanted[address]
            others += [Foreign(resource, words) for words in kind.unmanaged_parts(want, resource)]
            if kind.owner(resource, ownership).is_ours:
                others += [Foreign(resource, words, is_drift=True) for words in kind.added_rights(want, resource)]
            continue
        owner = kind.owner(resource, ownership)
        if owner.note:
            others.append(Foreign(resource, owner.note))
        elif owner.is_ours:
            ours.append(resource)
    others.sort(key=lambda other: (other.resource.address, other.reason))
    return Scoped(Snapshot(ours), tuple(others))
