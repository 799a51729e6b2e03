"""Territory: what belongs to the mesh in AWS, and of which kinds that may be otherwise after a change of documents."""

from __future__ import annotations

from reconciler.kinds import addresses
from reconciler.kinds.common.marks import MARK, role_path
from reconciler.kinds.common.ownership import Ownership, StuckOf, nothing
from reconciler.kinds.common.taken_over import takes_over
from reconciler.kinds.glue.database import Database
from reconciler.kinds.lakeformation.lf_tag import LFTagKey
from reconciler.kinds.lakeformation.lf_tag_mark import TagMark, marked_keys
from reconciler.kinds.lakeformation.location import Location
from reconciler.kinds.lakeformation.tag_vocabulary import made_keys, vocabulary
from reconciler.kinds.lakeformation.used_databases import UsedDatabase
from reconciler.model.address import Address
from reconciler.model.resource import Snapshot
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh


def ownership_of(mesh: Mesh, wanted: Snapshot, found: Snapshot, stuck: StuckOf = nothing) -> Ownership:
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
    on_used = [each.spec for each in found.of(UsedDatabase) if each.spec.mesh == mesh.name]
    left = {mark.database for mark in on_used} - asked.keys()
    databases |= left
    used |= left
    locations = {each.address.name for each in wanted.of(Location)}
    locations |= {each.address.name for each in found.of(Location) if f"role{role_path(mesh)}" in each.spec.role}
    marked = marked_keys(found.of(TagMark), mesh)
    keys = frozenset(vocabulary(mesh)) | marked
    return Ownership(
        mesh,
        frozenset(databases),
        frozenset(locations),
        keys,
        marked_keys=marked,
        made_keys=made_keys(mesh, marked, (each.address.name for each in found.of(LFTagKey))),
        listed=frozenset(put for mark in on_used for put in mark.puts),
        known=frozenset(marks),
        used=frozenset(used),
        saved={each.address.name: each.spec.body for each in found.of(TagMark)},
        stuck=stuck,
    )


def is_unseen(mesh: Mesh, address: Address) -> bool:
    """Whether an import could not see things of this kind there: that no document has them says nothing."""
    return (address.kind, address.placement.account) in _unseen(mesh)


@memo
def _unseen(mesh: Mesh) -> frozenset[tuple[str, str]]:
    return frozenset(
        (kind, mesh.accounts[account].id)
        for account, kinds in mesh.territory.unseen.items()
        for kind in kinds
        if account in mesh.accounts
    )


def changed_territory(base: Mesh, mesh: Mesh) -> frozenset[str]:
    """The kinds of which something may be ours now that was other people's, though nothing that is wanted differs."""
    found: set[str] = set()
    if _tags(base) != _tags(mesh) or vocabulary(base).keys() != vocabulary(mesh).keys():
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
