"""Readers: which subscriptions open which columns of which product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import readable_columns, subscribed_products


@dataclass(frozen=True, slots=True)
class Reading:
    """What a subscription opens of a product: columns as `table.column`, and rows where not all of them."""

    subscription: Subscription
    product: Product
    columns: tuple[str, ...]
    rows: tuple[str, ...]

    @property
    def until(self) -> str:
        """Its last day, or `no end`."""
        return str(self.subscription.expires or "no end")


def readings(mesh: Mesh) -> Mapping[str, tuple[Reading, ...]]:
    """By product: the subscriptions in force that reach it."""
    found: dict[str, list[Reading]] = {}
    for subscription in mesh.subscriptions.values():
        for product in subscribed_products(mesh, subscription):
            columns = tuple(
                f"{table.name}.{name}"
                for table in product.tables
                for name in readable_columns(mesh, subscription, product, table)
            )
            rows = tuple(f"{each.name}: {each.rows}" for each in subscription.tables if each.rows)
            found.setdefault(product.name, []).append(Reading(subscription, product, columns, rows))
    return {name: tuple(each) for name, each in found.items()}
