"""Scope: decide on the inputs what is ours, before anything is compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.kinds import AnyKind, addresses
from reconciler.kinds.common.marks import MARK, role_path
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.lakeformation import lf_tag, lf_tag_mark
from reconciler.model.plan import Foreign
from reconciler.model.resource import Snapshot
from reconciler.spec.mesh import Mesh


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


def ownership_of(mesh: Mesh, wanted: Snapshot, found: Snapshot) -> Ownership:
    """The territory: what is asked for, and what was found with our mark on it."""
    databases = {each.address.name for each in wanted.of_kind(addresses.DATABASE)}
    databases |= {
        each.address.name
        for each in found.of_kind(addresses.DATABASE)
        if dict(each.spec.parameters).get(MARK) == mesh.name
    }
    locations = {each.address.name for each in wanted.of_kind(addresses.LOCATION)}
    locations |= {
        each.address.name for each in found.of_kind(addresses.LOCATION) if f"role{role_path(mesh)}" in each.spec.role
    }
    keys = frozenset(lf_tag.vocabulary(mesh)) | lf_tag_mark.marked_keys(found.of_kind(addresses.TAG_MARK), mesh)
    known = frozenset(each.address.name for each in found.of_kind(addresses.DATABASE))
    return Ownership(mesh, frozenset(databases), frozenset(locations), keys, known)
