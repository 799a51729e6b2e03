"""Reader roles: changes of who may assume the roles as which people read. Nobody reads as a role that is not there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.kinds.common.policy_document import statements
from reconciler.kinds.iam.iam_role import Role
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.lakeformation import account_of
from reconciler.model.plan import Step
from reconciler.plan.review import Review
from reconciler.spec.names import principal_arn


@dataclass(frozen=True, slots=True)
class RoleChange:
    """A step by which other people may assume a reader's role.

    gives  whether anybody may assume it afterwards who could not before
    asked  whether the change asks for it
    """

    step: Step
    gives: bool
    asked: bool

    @property
    def name(self) -> str:
        """The name of the role."""
        return self.step.address.name


def reader_role_changes(reviewed: Review) -> Iterator[RoleChange]:
    """Of the plan; without a base everything counts as asked for."""
    mesh, requested = reviewed.mesh, reviewed.requested
    arns = (principal_arn(mesh, consumer, each) for consumer in mesh.consumers.values() for each in consumer.principals)
    readers = {(account_of(arn), arn.rpartition("/")[2]) for arn in arns}
    for step in reviewed.steps:
        address = step.change.address
        if (address.placement.account, address.name) not in readers:
            continue
        gives = _gives(step.change)
        if gives is not None:
            of_base = requested is None or requested.touches(str(address), made=isinstance(step.change, Create))
            yield RoleChange(step, gives, of_base)


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
