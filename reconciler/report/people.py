"""People: who of all principals is a person or a system that reads, and by which subscription he does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.access import AccessEntry, principal_directory
from reconciler.access.facts.given_by import subscriptions_of
from reconciler.access.state.principal_directory import is_whole
from reconciler.kinds.iam.iam_role import Role
from reconciler.model.change import Change, Delete
from reconciler.model.resource import AnyResource
from reconciler.plan.review import Review
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import iam_arn, partition


@dataclass(frozen=True, slots=True)
class People:
    """`machinery`: the ARNs of roles that Meshform makes or uses for its own work. Whoever else reads is counted."""

    machinery: frozenset[str]
    meshes: tuple[Mesh, ...]

    @classmethod
    def of(cls, reviewed: Review) -> People:
        """From both meshes of a review and the roles that it makes or deletes."""
        meshes = tuple(mesh for mesh in (reviewed.mesh, reviewed.before) if mesh is not None)
        named = {arn for mesh in meshes for arn in principal_directory(mesh).principals}
        changes = (*(reviewed.asked or ()), *(step.change for step in reviewed.steps))
        roles = (*reviewed.wanted.of(Role), *_deleted_roles(changes))
        made = {_arn(reviewed.mesh, role) for role in roles}
        own = {
            iam_arn(mesh, account, name)
            for mesh in meshes
            for account in mesh.accounts.values()
            for name in (mesh.settings.roles.plan, mesh.settings.roles.apply)
        }
        return cls(frozenset((made | own) - named), meshes)

    def reads(self, principal: str) -> bool:
        """Whether a principal is a person or a system that reads, and not machinery or an account as a whole."""
        return principal not in self.machinery and not is_whole(principal)

    def concerns(self, entry: AccessEntry) -> bool:
        """Whether an entry is about somebody who reads; so is one of Meshform's own roles that acts as another."""
        return entry.assumed is not None or self.reads(entry.principal)

    def until(self, entry: AccessEntry) -> str:
        """The last day of the subscriptions that give it: a date, `no end`, or empty where no subscription does.

        Where not all of its columns or rows end on the same day, every such day.
        """
        for mesh in self.meshes:
            ends = {_last(mesh, names) for names in subscriptions_of(entry, mesh)}
            if ends:
                return " or ".join(sorted(ends))
        return ""


def _last(mesh: Mesh, names: Iterable[str]) -> str:
    """The last day of what any of these subscriptions gives."""
    ends = [mesh.subscriptions[name].expires for name in names]
    dates = [end for end in ends if end is not None]
    return str(max(dates)) if len(dates) == len(ends) else "no end"


def _deleted_roles(changes: Iterable[Change]) -> Iterable[AnyResource]:
    return (change.have for change in changes if isinstance(change, Delete) and isinstance(change.have.spec, Role))


def _arn(mesh: Mesh, role: AnyResource) -> str:
    account, path = role.address.placement.account, role.spec.path
    return f"arn:{partition(mesh.region)}:iam::{account}:role{path}{role.address.name}"
