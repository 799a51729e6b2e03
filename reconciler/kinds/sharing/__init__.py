"""Which permissions the mesh asks for, and why: one file for each reason."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from reconciler.kinds.sharing.adopted_rights import adopted_grants
from reconciler.kinds.sharing.consumer_grants import consumer_grants_of
from reconciler.kinds.sharing.governance_grants import governance_grants
from reconciler.kinds.sharing.producer_grants import producer_grants_of
from reconciler.kinds.sharing.reconciler_rights import reconciler_grants
from reconciler.kinds.sharing.wanted_grant import WantedGrant
from reconciler.spec.documents.product import Product
from reconciler.spec.in_force import is_suspended
from reconciler.spec.managed import managed_products
from reconciler.spec.mesh import Mesh
from reconciler.spec.pieces import piece


def wanted_grants(mesh: Mesh) -> Iterable[WantedGrant]:
    """Every permission that the mesh asks for; one atom may be asked for by several lines.

    Who is suspended gets nothing.
    """
    every = _wanted_grants(mesh)
    return (each for each in every if not is_suspended(mesh, each.spec.principal)) if mesh.suspended else every


def _wanted_grants(mesh: Mesh) -> Iterable[WantedGrant]:
    yield from governance_grants(mesh)
    yield from adopted_grants(mesh)
    for product in managed_products(mesh):
        yield from piece(mesh, _of_product, product)
    for subscription in mesh.subscriptions.values():
        reached = mesh.product(subscription)
        if reached is None:
            yield from consumer_grants_of(mesh, subscription)
        else:
            yield from piece(mesh, consumer_grants_of, subscription, mesh.consumer(subscription), reached)


def _of_product(mesh: Mesh, product: Product) -> Iterable[WantedGrant]:
    return chain(reconciler_grants(mesh, product), producer_grants_of(mesh, product))
