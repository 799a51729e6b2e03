"""Which permissions the mesh asks for, and why: one file for each reason."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.sharing.adopted_rights import adopted_grants
from reconciler.kinds.sharing.consumer_grants import consumer_grants_of
from reconciler.kinds.sharing.governance_grants import governance_grants
from reconciler.kinds.sharing.producer_grants import producer_grants_of
from reconciler.kinds.sharing.reconciler_rights import reconciler_grants
from reconciler.kinds.sharing.wanted_grant import WantedGrant
from reconciler.spec.in_force import is_suspended
from reconciler.spec.managed import managed_products
from reconciler.spec.mesh import Mesh


def wanted_grants(mesh: Mesh, *, passed_on: bool = True) -> Iterable[WantedGrant]:
    """Every permission that the mesh asks for; one atom may be asked for by several lines.

    Without those that consumers pass on, it is a third of the work where only shares matter. Who is suspended gets
    nothing.
    """
    every = _wanted_grants(mesh, passed_on=passed_on)
    return (each for each in every if not is_suspended(mesh, each.grant.principal)) if mesh.suspended else every


def _wanted_grants(mesh: Mesh, *, passed_on: bool) -> Iterable[WantedGrant]:
    yield from governance_grants(mesh)
    yield from adopted_grants(mesh)
    for product in managed_products(mesh):
        yield from reconciler_grants(mesh, product)
        yield from producer_grants_of(mesh, product)
    for subscription in mesh.subscriptions.values():
        yield from consumer_grants_of(mesh, subscription, passed_on=passed_on)
