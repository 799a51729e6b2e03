"""Which permissions the mesh asks for, and why: one file for each reason."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.sharing.consumer_grants import subscribing_grants
from reconciler.kinds.sharing.governance_grants import governance_grants
from reconciler.kinds.sharing.producer_grants import producing_grants
from reconciler.kinds.sharing.reconciler_rights import keeping_grants
from reconciler.kinds.sharing.wanted_grant import WantedGrant
from reconciler.spec.mesh import Mesh


def wanted_grants(mesh: Mesh, *, passed_on: bool = True) -> Iterable[WantedGrant]:
    """Every permission that the mesh asks for; one atom may be asked for by several lines.

    Without those that consumers pass on, it is a third of the work where only shares matter.
    """
    yield from governance_grants(mesh)
    for product in mesh.products.values():
        yield from keeping_grants(mesh, product)
        yield from producing_grants(mesh, product)
    for subscription in mesh.subscriptions.values():
        yield from subscribing_grants(mesh, subscription, passed_on=passed_on)
