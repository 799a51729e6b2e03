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
    """Part `found` by the claims of the kinds. What is asked for by address is compared, whoever made it."""
    ours, others = [], []
    for address, resource in found.items():
        kind = kinds[address.kind]
        if address in wanted:
            ours.append(resource)
            others += [Foreign(resource, words) for words in kind.unmanaged_parts(wanted[address], resource)]
            continue
        claim = kind.claim(resource, ownership)
        if claim.ours:
            ours.append(resource)
        elif claim.shown:
            others.append(Foreign(resource, claim.reason))
    others.sort(key=lambda other: (other.resource.address, other.reason))
    return Scoped(Snapshot(ours), tuple(others))
