"""Scope: decide on the inputs what is ours, before anything is compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import is_

from reconciler.kinds import AnyKind
from reconciler.kinds.common.owner import Owner
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.common.taken_over import takes_over
from reconciler.kinds.kind import differing
from reconciler.kinds.territory import is_unseen
from reconciler.model.address import Address
from reconciler.model.plan import Foreign
from reconciler.model.resource import AnyResource, Snapshot

_UNSEEN = "no document asks for it, and the import could not see it (mesh.yaml: territory.unseen)"


@dataclass(frozen=True, slots=True)
class Scoped:
    """What was found, parted: ours (or asked for), and other people's.

    `used` is what is asked for and somebody else's, and is not taken over by name: with whose it is.
    """

    ours: Snapshot
    foreign: tuple[Foreign, ...]
    used: Mapping[Address, Owner]


def scope(found: Snapshot, wanted: Snapshot, ownership: Ownership, kinds: Mapping[str, AnyKind]) -> Scoped:
    """Part `found` by whose the kinds say that it is. What is asked for by address is compared, whoever made it."""
    ours: list[AnyResource] = []
    others: list[Foreign] = []
    used: dict[Address, Owner] = {}

    def keep(kind: AnyKind, want: AnyResource | None, have: AnyResource) -> None:
        """It is ours, but for what AWS lets nobody take back of it."""
        rest: AnyResource | None = have
        parted = kind.parted(want, have, ownership)
        if parted is not None:
            rest, stays = parted
            others.append(stays)
        if rest is not None:
            ours.append(rest)

    for resource, want in found.beside(wanted):
        address = resource.address
        kind = kinds[address.kind]
        if want is not None:
            keep(kind, want, resource)
            other = kind.other_owner(resource, ownership)
            if other is not None and not takes_over(ownership.mesh, address):
                used[address] = other
                differs = differing(kind.merge_unmanaged(want, resource).spec, resource.spec)
                serves = not other.mesh and not tuple(kind.shortfalls(want, resource))
                if want.mode == "managed" and serves and differs and not kind.serves_with_more:
                    others.append(Foreign(resource, _used(differs)))
                continue
            for words in kind.unmanaged_parts(want, resource):
                others.append(Foreign(resource, words))
            for words, called in kind.added_rights(want, resource) if other is None else ():
                others.append(Foreign(resource, words, is_drift=True, called=called))
            continue
        owner = kind.owner(resource, ownership)
        if owner.note:
            others.append(Foreign(resource, owner.note))
        elif owner.is_ours and is_unseen(ownership.mesh, address):
            others.append(Foreign(resource, _UNSEEN))
        elif owner.is_ours:
            keep(kind, None, resource)
    for address, want in wanted.items() if used else ():
        of = kinds[address.kind].marked(want)
        if of in used and (address not in found or address in used):
            others += [Foreign(found[each], _used(("mark",))) for each in (of, address) if each in used]
    others.sort(key=lambda other: (other.resource.address, other.reason))
    is_all = len(ours) == len(found) and all(map(is_, ours, found.values()))
    return Scoped(found if is_all else Snapshot(ours), tuple(others), used)


def _used(differs: Iterable[str]) -> str:
    """That something of somebody's is used, and in what it is not as the mesh would make it."""
    return (
        f"used as it is, since this mesh did not make it; the mesh's would have another {', '.join(differs)}. "
        "To let the mesh keep it, name it in mesh.yaml (territory.takeOver)"
    )
