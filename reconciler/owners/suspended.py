"""Suspended: whose data a suspension is about, and what would be a way around it."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.documents.suspension import Suspension
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import subscribed_products


def owners_of_suspended(mesh: Mesh, suspension: Suspension) -> Iterator[str]:
    """The owners of the products that a suspension is about, as the mesh is; of an LF-tag its owner."""
    found: dict[str, None] = {}
    for key in suspension.tag or {}:
        tag = mesh.tags.get(key)
        if tag is not None and tag.owner:
            found[tag.owner] = None
    if suspension.product and (product := mesh.products.get(suspension.product.rpartition("/")[2])):
        found[product.owner] = None
    for subscription in mesh.written.values():
        if _is_meant(suspension, subscription):
            found.update((each.owner, None) for each in subscribed_products(mesh, subscription))
    yield from found


def takes_no_less(now: Suspension, before: Suspension | None) -> bool:
    """Whether a suspension is new, or takes what it took for at least as long."""
    if before is None:
        return True
    same = all(getattr(now, each) == getattr(before, each) for each in before.subjects)
    return same and (now.until is None or (before.until is not None and before.until <= now.until))


def is_around_suspension(before: Mesh, after: Mesh, subscription: Subscription) -> bool:
    """Whether a subscription gives its consumer something of a product to which another one of his is suspended."""
    reached = _names(subscribed_products(after, subscription))
    return any(
        other.consumer == subscription.consumer and reached & _names(subscribed_products(before, other))
        for suspension in before.suspensions.values()
        if (other := before.written.get(suspension.subscription or "")) is not None
        and other.name not in before.subscriptions
        and other.name != subscription.name
    )


def _names(products: tuple[Product, ...]) -> set[str]:
    return {product.name for product in products}


def _is_meant(suspension: Suspension, subscription: Subscription) -> bool:
    """Whether a suspension is about a subscription, by its consumer, one of its principals, or its name."""
    consumer, _, principal = (suspension.principal or "").partition("/")
    return (
        subscription.name == suspension.subscription
        or subscription.consumer == suspension.consumer
        or (subscription.consumer == consumer and principal in subscription.principals)
    )
