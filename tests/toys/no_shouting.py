"""No shouting: a toy check of the language."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.product import Product
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

SHOUTING = Rule("no-shouting", "error", "A description does not shout.", "Leave out the exclamation mark.")


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """One finding for each product that shouts."""
    for product in unchecked.all(Product):
        if "!" in (product.description or ""):
            yield SHOUTING.broken(product.at("description"), f"{product.name} shouts")
