"""Reader roles: changes of who may assume a role, and of whether those are there as which people read.

Nobody reads as a role that is not there. Whom a trust policy lets act as a role has what that holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.kinds.common.policy_document import statements
from reconciler.kinds.iam.iam_role import Role
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.lakeformation import account_of
from reconciler.plan.review import Review
from reconciler.spec.names import principal_arn


@dataclass(frozen=True, slots=True)
class RoleChange:
    """A change by which other people may assume a role.

    gives  whether anybody may assume it afterwards who could not before
    asked  whether the change asks for it
    reads  whether a consumer reads as it
    """

    change: Change
    gives: bool
    asked: bool
    reads: bool

    @property
    def name(self) -> str:
        """The name of the role."""
        return self.change.address.name


def reader_role_changes(reviewed: Review) -> Iterator[RoleChange]:
    """Of the plan, or of what is asked for where there is none; without a base everything counts as asked for."""
    mesh, requested = reviewed.mesh, reviewed.requested
    arns = (principal_arn(mesh, consumer, each) for consumer in mesh.consumers.values() for each in consumer.principals)
    readers = {(account_of(arn), arn.rpartition("/")[2]) for arn in arns}
    steps = (step.change for step in reviewed.steps)
    for change in steps if reviewed.plan is not None else reviewed.asked or ():
        address = change.address
        reads = (address.placement.account, address.name) in readers
        gives = _gives(change) if reads or isinstance(change, Update) else None
        if gives is not None:
            of_base = requested is None or requested.touches(str(address), made=isinstance(change, Create))
            yield RoleChange(change, gives, of_base, reads)


def _gives(change: Change) -> bool | None:
    """Whether somebody comes to be able to assume a role; None where nothing of that changes."""
    match change:
        case Create(want) if isinstance(want.spec, Role):
            return True
        case Delete(have) if isinstance(have.spec, Role):
            return False
        case Update(have, want) if isinstance(want.spec, Role):
            old, new = _said(have.spec.trust), _said(want.spec.trust)
            return None if old == new else _more(new, old)
        case _:
            return None


def _said(trust: str) -> frozenset[tuple[str, str]]:
    """The statements of a trust policy, by effect."""
    return frozenset(
        (str(each.get("Effect")), json.dumps(each, sort_keys=True)) for each in statements(json.loads(trust or "{}"))
    )


def _more(new: frozenset[tuple[str, str]], old: frozenset[tuple[str, str]]) -> bool:
    """Whether anything is allowed that was not, or denied no more; a statement that differs may allow more."""
    return any(effect == "Allow" for effect, _ in new - old) or any(effect == "Deny" for effect, _ in old - new)
