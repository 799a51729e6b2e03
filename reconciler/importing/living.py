"""Living: the permissions that are there, as what documents ask for is held to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from reconciler.kinds import addresses
from reconciler.kinds.lakeformation.opt_in import OptIn, opt_ins_of
from reconciler.kinds.sharing.consumer_grants import consumer_grants_of
from reconciler.kinds.sharing.wanted_grant import WantedGrant
from reconciler.model.address import Address
from reconciler.model.lakeformation import Grant, OnColumns
from reconciler.model.resource import Snapshot
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.mesh import Mesh


@dataclass(slots=True)
class Living:
    """The permissions by address, and which of them documents explain already."""

    found: dict[Address, Grant]
    opt_ins: frozenset[Address] = frozenset()
    explained: set[Address] = field(default_factory=set)

    def has(self, wanted: WantedGrant) -> bool:
        """Whether exactly this permission is there: it neither widens anything nor takes anything away."""
        have = self.found.get(addresses.grant(wanted.placement, wanted.grant))
        return have is not None and have == wanted.grant and not _in_lists(have)

    def asked(self, mesh: Mesh, subscription: Subscription) -> list[WantedGrant] | None:
        """What a subscription asks for, if all of it is there; None if anything of it is not."""
        every = list(consumer_grants_of(mesh, subscription))
        opted = all(each.address in self.opt_ins for each in opt_ins_of(mesh, subscription))
        return every if opted and all(self.has(each) for each in every) else None

    def explain(self, wanted: Iterable[WantedGrant]) -> int:
        """Note what is explained; how much of it was not before."""
        asked = {addresses.grant(each.placement, each.grant) for each in wanted}
        new = asked - self.explained
        self.explained |= new
        return len(new)


def living(found: Snapshot) -> Living:
    """The permissions of a snapshot."""
    opt_ins = frozenset(each.address for each in found.of(OptIn))
    return Living({each.address: each.spec for each in found.of(Grant)}, opt_ins)


def _in_lists(grant: Grant) -> bool:
    """Whether AWS keeps the columns of a permission in several lists."""
    return isinstance(grant.target, OnColumns) and len(grant.target.lists) > 1
