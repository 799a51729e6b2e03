"""Attribute order: tags of a role beside permissions under a condition on them.

A permission comes or goes while the role has those tags with which its condition does not hold: so nobody gains in
between what he never has, or loses what he has by another one before and after. What cannot be said may hold.
https://docs.aws.amazon.com/lake-formation/latest/dg/abac-granting-permissions.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.kinds.common.attribute_conditions import holds
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.iam.strange_tags import may_reach
from reconciler.model.address import Address
from reconciler.model.change import Change, Update
from reconciler.model.lakeformation import Grant
from reconciler.plan.tag_order import Pair

Tags = tuple[tuple[str, str], ...]


def attribute_order(changes: Mapping[Address, Change]) -> Iterator[Pair]:
    """Pairs (first, later) of a change of a role's tags and a change of a permission that may reach the role."""
    alike: dict[tuple[Tags, Tags], list[Update]] = {}
    for change in changes.values():
        if isinstance(change, Update) and isinstance(change.have.spec, Role):
            before, after = change.have.spec.tags, change.want.spec.tags
            if before != after:
                alike.setdefault((before, after), []).append(change)
    if not alike:
        return
    for change in changes.values():
        grant = change.resource.spec
        if not isinstance(grant, Grant) or grant.condition is None or isinstance(change, Update):
            continue
        for tags, roles in alike.items():
            was, becomes = (holds(str(grant.condition), dict(each)) is not False for each in tags)
            if was != becomes:
                for role in roles:
                    if may_reach(grant, role.have):
                        yield (change.address, role.address) if becomes else (role.address, change.address)
