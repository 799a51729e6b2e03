"""People: who of all principals is a person or a system that reads, and by which subscription he does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.access import AccessEntry, principal_directory
from reconciler.access.state.principal_directory import is_account, is_organization
from reconciler.kinds.iam.iam_role import Role
from reconciler.model.change import Change, Delete
from reconciler.model.resource import AnyResource
from reconciler.plan.review import Review
from reconciler.spec.extents import product_at
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import iam_arn, partition, principal_arns
from reconciler.spec.tags import subscribed_products


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
        return principal not in self.machinery and not is_account(principal) and not is_organization(principal)

    def until(self, entry: AccessEntry) -> str:
        """The last day of the subscriptions that give it: a date, `no end`, or empty where no subscription does."""
        for mesh in self.meshes:
            product = product_at(mesh, entry.place.database, entry.place.table)
            ends = {
                name: mesh.subscriptions[name].expires
                for who in (entry.principal, entry.account)
                for name, products in _subscriptions(mesh).get(who, {}).items()
                if product is not None and product.name in products
            }
            if ends:
                dates = [end for end in ends.values() if end is not None]
                return str(max(dates)) if len(dates) == len(ends) else "no end"
        return ""


@memo
def _subscriptions(mesh: Mesh) -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Principals, and accounts for whoever reads there without a name: their subscriptions with the products."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for subscription in mesh.subscriptions.values():
        products = frozenset(product.name for product in subscribed_products(mesh, subscription))
        account = mesh.reader_account(mesh.consumer(subscription))
        whole = (account.id,) if account is not None and not subscription.principals else ()
        for who in (*principal_arns(mesh, subscription), *whole):
            found.setdefault(who, {})[subscription.name] = products
    return found


def _deleted_roles(changes: Iterable[Change]) -> Iterable[AnyResource]:
    return (change.have for change in changes if isinstance(change, Delete) and isinstance(change.have.spec, Role))


def _arn(mesh: Mesh, role: AnyResource) -> str:
    account, path = role.address.placement.account, role.spec.path
    return f"arn:{partition(mesh.region)}:iam::{account}:role{path}{role.address.name}"
