"""Exceptions of the territory say which permissions they mean, by names that exist."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.settings import Settings
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

EXCEPTION = Rule(
    "grant-exception",
    "error",
    "An exception of the territory names a product of the mesh, a principal or an LF-tag key.",
    "Without any it would be about every permission, which is what `undeclaredGrants` says.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about territory.exceptions."""
    products = unchecked.named(Product)
    for settings in unchecked.all(Settings)[:1]:
        for number, each in enumerate(settings.territory.exceptions):
            place = ("territory", "exceptions", number)
            if each.product is None and each.principal is None and each.key is None:
                yield EXCEPTION.broken(settings.at(*place), "the exception names no product, principal or key")
            if each.product and each.product not in products and not unchecked.knows(Product, each.product):
                near = unchecked.near_document(Product, each.product)
                yield EXCEPTION.broken(settings.at(*place, "product"), f"there is no product {each.product}{near}")
