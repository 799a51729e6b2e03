"""Living: the permissions that are there, as what documents ask for is held to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from reconciler.kinds import addresses
from reconciler.kinds.lakeformation.opt_in import OptIn, opt_ins_of
from reconciler.kinds.sharing.consumer_grants import consumer_grants_of
from reconciler.kinds.sharing.wanted_grant import WantedGrant
from reconciler.model.address import Address, Placement
from reconciler.model.lakeformation import Grant, OnColumns
from reconciler.model.resource import Resource, Snapshot
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import permission_set_arn


@dataclass(slots=True)
class Living:
    """The permissions by address, and which of them documents explain already."""

    found: dict[Address, Grant]
    opt_ins: frozenset[Address] = frozenset()
    roles: Mapping[str, str] = field(default_factory=dict)
    """By what the mesh calls the role of a permission set its ARN."""
    explained: set[Address] = field(default_factory=set)

    def has(self, wanted: WantedGrant) -> bool:
        """Whether exactly this permission is there: it neither widens anything nor takes anything away."""
        grant = self._real(wanted.spec)
        have = self.found.get(addresses.grant(wanted.address.placement, grant))
        return have is not None and have == grant and not _in_lists(have)

    def asked(self, mesh: Mesh, subscription: Subscription) -> list[WantedGrant] | None:
        """What a subscription asks for, if all of it is there; None if anything of it is not."""
        every = list(consumer_grants_of(mesh, subscription))
        opted = all(self._real_opt_in(each) in self.opt_ins for each in opt_ins_of(mesh, subscription))
        return every if opted and all(self.has(each) for each in every) else None

    def explain(self, wanted: Iterable[tuple[Placement, Grant]]) -> int:
        """Note what is explained; how much of it was not before."""
        asked = {addresses.grant(placement, self._real(grant)) for placement, grant in wanted}
        new = asked - self.explained
        self.explained |= new
        return len(new)

    def _real(self, grant: Grant) -> Grant:
        role = self.roles.get(grant.principal)
        return grant if role is None else replace(grant, principal=role)

    def _real_opt_in(self, wanted: Resource[OptIn]) -> Address:
        spec = wanted.spec
        who = self.roles.get(spec.principal, spec.principal)
        return addresses.opt_in(wanted.address.placement, who, spec.target, spec.condition)


def living(found: Snapshot, permission_sets: Iterable[str]) -> Living:
    """The permissions of a snapshot. `permission_sets` are the ARNs of the roles that documents name by their set."""
    opt_ins = frozenset(each.address for each in found.of(OptIn))
    roles = {permission_set_arn(arn) or arn: arn for arn in permission_sets}
    return Living({each.address: each.spec for each in found.of(Grant)}, opt_ins, roles)


def _in_lists(grant: Grant) -> bool:
    """Whether AWS keeps the columns of a permission in several lists."""
    return isinstance(grant.target, OnColumns) and len(grant.target.lists) > 1
