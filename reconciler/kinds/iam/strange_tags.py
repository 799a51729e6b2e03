"""Strange tags: tags of others on roles of the mesh, and which of them decide what a permission gives.

A permission under a condition on tags (attribute-based access control) reaches whoever carries them. Tags of others are
left alone on a role of the mesh, unless such a condition holds otherwise with them than without
(docs/adr/0085-tags-that-conditions-ask-for.md).
https://docs.aws.amazon.com/lake-formation/latest/dg/abac-considerations.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from reconciler.kinds import addresses, roles
from reconciler.kinds.common.attribute_conditions import asked_keys, holds
from reconciler.kinds.common.marks import MARK, PERMISSIONS_DUE, aws_tags, role_path
from reconciler.model.change import Change, Delete, Update
from reconciler.model.lakeformation import Grant
from reconciler.model.resource import AnyResource, Snapshot
from reconciler.spec.mesh import Mesh

Tags = Mapping[str, str]


def tags_beside(own: Tags, others: Tags) -> dict[str, str]:
    """Tags of the mesh with those of others that are left alone.

    IAM has one tag for keys that differ by case only, and keeps the case; whose, where one takes another's place, no
    page says: either will do. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
    """
    spelt = {key.lower(): key for key in others}
    beside = {key: others[key] for key in gone_tags(others, own)}
    for key, value in own.items():
        there = spelt.get(key.lower(), key)
        beside[there if others.get(there) == value else key] = value
    return beside


def gone_tags(have: Tags, want: Tags) -> list[str]:
    """The keys of tags that are there and not wanted, in any case, sorted."""
    kept = {key.lower() for key in want}
    return sorted(key for key in have if key.lower() not in kept)


def deciding_tags(own: Tags, strange: Tags, conditions: Iterable[str]) -> frozenset[str]:
    """The keys of strange tags that have to go for every condition to hold as it does with the mesh's own alone.

    Of a condition that is not understood every tag may decide that it asks for.
    """
    left, every = dict(strange), [(each, holds(each, own)) for each in sorted(set(conditions))]
    while True:
        gone = {
            key
            for each, alone in every
            if (by := holds(each, {**left, **own})) is None or by != alone
            for key in left
            if key.lower() in asked_keys(each)
        }
        if not gone:
            return frozenset(strange.keys() - left.keys())
        left = {key: value for key, value in left.items() if key not in gone}


def strange_tag_changes(changes: Sequence[Change], mesh: Mesh, found: Snapshot) -> Iterator[Change]:
    """The roles of the mesh with tags that others put on them and that decide: they are taken off."""
    known = {each.address: each for each in changes}
    bearing = [(each, strange) for each in found.of_kind(addresses.IAM_ROLE) if (strange := _strange(each, mesh))]
    if not bearing:
        return
    made = {addresses.iam_role(each.placement, each.name) for each in roles.of(mesh)}
    conditional = tuple(_conditional(changes, found))
    for have, strange in bearing:
        change = known.get(have.address)
        if have.address not in made or isinstance(change, Delete):
            continue
        want = change.want if isinstance(change, Update) else have
        tags = dict(want.spec.tags)
        own = {key: value for key, value in tags.items() if key not in strange}
        reaching = (str(each.condition) for each in conditional if may_reach(each, have))
        gone = deciding_tags(own, {key: value for key, value in tags.items() if key in strange}, reaching)
        if gone:
            left = tuple(sorted((key, value) for key, value in tags.items() if key not in gone))
            yield Update(have, replace(want, spec=replace(want.spec, tags=left)))


def _strange(role: AnyResource, mesh: Mesh) -> frozenset[str]:
    """Keys of the tags on a role of the mesh that are neither the mesh's nor AWS's own, which nobody can take off."""
    tags = dict(role.spec.tags)
    if role.spec.path != role_path(mesh) or tags.get(MARK) != mesh.name:
        return frozenset()
    own = {key.lower() for key in (*aws_tags(mesh), PERMISSIONS_DUE)}
    return frozenset(key for key in tags if key.lower() not in own and not key.lower().startswith("aws:"))


def _conditional(changes: Iterable[Change], found: Snapshot) -> Iterator[Grant]:
    """Permissions under a condition that are there after the plan, the mesh's and other people's."""
    after = {each.address: each.spec for each in found.of_kind(addresses.GRANT)}
    for each in changes:
        if each.address.kind == addresses.GRANT:
            if isinstance(each, Delete):
                after.pop(each.address, None)
            else:
                after[each.address] = each.want.spec
    return (each for each in after.values() if each.condition is not None)


def may_reach(grant: Grant, role: AnyResource) -> bool:
    """Whether a permission is given to a role, or to many of whom it may be one."""
    account, _, whole = grant.principal.partition(":")
    if whole == "IAMPrincipals":
        return account == role.address.placement.account
    return ":role/" not in grant.principal or grant.principal == role.handle
