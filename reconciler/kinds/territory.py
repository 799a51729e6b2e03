"""Territory: what belongs to the mesh in AWS, and of which kinds that may be otherwise after a change of documents."""

from __future__ import annotations

from reconciler.kinds import addresses
from reconciler.kinds.common.marks import MARK, role_path
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.glue.database import Database
from reconciler.kinds.lakeformation.lf_tag_mark import TagMark, marked_keys
from reconciler.kinds.lakeformation.location import Location
from reconciler.kinds.lakeformation.tag_vocabulary import vocabulary
from reconciler.model.address import Address
from reconciler.model.resource import Snapshot
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh


def ownership_of(mesh: Mesh, wanted: Snapshot, found: Snapshot) -> Ownership:
    """The territory: what is asked for, and what was found with our mark on it; nothing that another mesh marked."""
    every = found.of(Database)
    marks = {each.address.name: dict(each.spec.parameters).get(MARK) for each in every}
    asked = {each.address.name: each for each in wanted.of(Database)}
    databases = {name for name in asked if marks.get(name) in (None, mesh.name)}
    databases |= {name for name, mark in marks.items() if mark == mesh.name}
    used = {
        name
        for name, want in asked.items()
        if name in marks and marks[name] is None and not takes_over(mesh, want.address)
    }
    locations = {each.address.name for each in wanted.of(Location)}
    locations |= {each.address.name for each in found.of(Location) if f"role{role_path(mesh)}" in each.spec.role}
    keys = frozenset(vocabulary(mesh)) | marked_keys(found.of(TagMark), mesh)
    return Ownership(
        mesh, frozenset(databases), frozenset(locations), keys, known=frozenset(marks), used=frozenset(used)
    )


def takes_over(mesh: Mesh, address: Address) -> bool:
    """Whether the mesh says by name that it keeps something from now on, whoever made it."""
    return any(address == address._replace(kind=kind, name=name) for kind, name in _taken_over(mesh))


@memo
def _taken_over(mesh: Mesh) -> tuple[tuple[str, str], ...]:
    return tuple((kind, name) for kind, names in mesh.territory.take_over.items() for name in names)


def changed_territory(base: Mesh, mesh: Mesh) -> frozenset[str]:
    """The kinds of which something may be ours now that was other people's, though nothing that is wanted differs."""
    found: set[str] = set()
    if _tags(base) != _tags(mesh):
        found |= {addresses.LF_TAG, addresses.LF_TAG_VALUE, addresses.TAG_MARK}
    if vocabulary(base).keys() != vocabulary(mesh).keys():
        found |= {addresses.TAG_ASSIGNMENT, addresses.GRANT}
    if _hybrid(base) != _hybrid(mesh):
        found |= {addresses.LOCATION, addresses.OPT_IN, addresses.GRANT}
    return frozenset(found)


def _tags(mesh: Mesh) -> dict[str, object]:
    return {name: tag.model_dump() for name, tag in mesh.tags.items()}


def _hybrid(mesh: Mesh) -> frozenset[str]:
    return frozenset(domain.name for domain in mesh.domains.values() if domain.hybrid)
