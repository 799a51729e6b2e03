"""Rights on LF-tag keys that others made: an administrator puts them on data only after he has granted himself to.

https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-adding-tag-creator.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reconciler.kinds import addresses
from reconciler.kinds.lakeformation.tag_vocabulary import mark_of, vocabulary
from reconciler.kinds.sharing.reconciler_rights import apply_role_arn
from reconciler.model.change import Change, Create, Delete
from reconciler.model.lakeformation import Grant, OnTag
from reconciler.model.resource import Resource, Snapshot
from reconciler.spec.mesh import Mesh

ALL_VALUES = "*"


def tag_rights(changes: Sequence[Change], mesh: Mesh, found: Snapshot) -> Iterable[Change]:
    """The right to put each such key on data, if something of the plan does so and the role does not have it yet.

    A key is somebody else's if it is there without our mark.
    """
    puts = {
        (change.address.placement, change.want.spec.key)
        for change in changes
        if change.address.kind == addresses.TAG_ASSIGNMENT and not isinstance(change, Delete)
    }
    declared = {key: origin for key, (_, origin) in vocabulary(mesh).items()}
    foreign = {(placement, key) for placement, key in puts if key in declared}
    if not foreign:
        return
    role = apply_role_arn(mesh)
    # With the grant option it is held as well: who made a key has it so.
    grants = (each.spec for each in found.of(Grant) if each.spec.principal == role)
    held = {replace(grant, grantable=False) for grant in grants}
    for placement, key in sorted(foreign):
        right = Grant(role, OnTag(placement.account, key, ALL_VALUES), "ASSOCIATE")
        is_ours = mark_of(placement, mesh.name, key) in found
        if addresses.lf_tag(placement, key) in found and not is_ours and right not in held:
            yield Create(Resource(addresses.tag_right(placement, key), right, declared[key]))
