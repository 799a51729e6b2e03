"""Taking a snapshot of a mesh's accounts, and asking one in the place of AWS."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

from reconciler.errors import MeshformError
from reconciler.kinds import AnyKind
from reconciler.model.reading import Reading, observation_of
from reconciler.model.resource import Gap, Observation, Snapshot
from reconciler.snapshots.file import Kept
from reconciler.snapshots.format import Header, Part
from reconciler.spec.mesh import Mesh


def header_for(mesh: Mesh, wanted: Snapshot, part: Part) -> Header:
    """The header of a snapshot of this mesh. `wanted` is what it asks for."""
    return Header(mesh.name, mesh.central.id, digest_of(wanted), (part,))


def digest_of(wanted: Snapshot) -> str:
    """What a mesh asks for by name, as one short text."""
    names = hashlib.sha256()
    for address in sorted(wanted):
        names.update(f"{address}\n".encode())
    return names.hexdigest()[:16]


def account_ids(mesh: Mesh, chosen: Collection[str]) -> frozenset[str]:
    """The ids of accounts that are named as in the mesh or by their id. Raises MeshformError for an unknown one."""
    by_name = {**{account.id: account.id for account in mesh.accounts.values()}}
    by_name |= {name: account.id for name, account in mesh.accounts.items()}
    for name in chosen:
        if name not in by_name:
            raise MeshformError(f"There is no account {name} in the mesh. It has {', '.join(sorted(mesh.accounts))}.")
    return frozenset(by_name[name] for name in chosen)


def observation_for(kept: Kept, mesh: Mesh, kinds: Mapping[str, AnyKind], name: str) -> Observation:
    """What a snapshot says of a mesh; places that it does not have were not seen. `name` is its file, for messages.

    Raises MeshformError where it is of another mesh.
    """
    header = kept.header
    if header.redacted:
        raise MeshformError(f"{name} is redacted: its names are no mesh's, so it cannot be compared with one.")
    if (header.mesh, header.central) != (mesh.name, mesh.central.id):
        raise MeshformError(
            f"{name} is of the mesh {header.mesh} with the central account {header.central}, and this is {mesh.name} "
            f"with {mesh.central.id}."
        )
    there = {(reading.kind, reading.placement) for reading in kept.readings}
    missing = [
        Reading(kind.name, placement, gaps=tuple(Gap(kind.name, unseen, "not in the snapshot") for unseen in unseen_by))
        for kind in kinds.values()
        for placement in kind.placements(mesh)
        if (kind.name, placement) not in there and (unseen_by := tuple(kind.covers(placement, mesh)))
    ]
    return observation_of((*kept.readings, *missing))


def later_wishes(kept: Kept, wanted: Snapshot) -> str | None:
    """What has to be said where the mesh asks for other things than when the snapshot was taken."""
    if kept.header.wanted == digest_of(wanted):
        return None
    return (
        f"The snapshot of {kept.header.taken:%Y-%m-%d %H:%M} UTC was taken with another version of this mesh. What the "
        "mesh asks for since then was not looked for, and may be there."
    )
