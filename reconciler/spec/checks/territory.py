"""Exceptions of the territory, and what was not seen of it, are said by names that exist."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.account import Account
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

UNSEEN = Rule(
    "unseen-account",
    "error",
    "What an import could not see is said of accounts of the mesh.",
    "`unseen` of the territory protects what is there; under a name that no account has it would protect nothing.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about territory.exceptions and territory.unseen."""
    for settings in unchecked.all(Settings)[:1]:
        for name in settings.territory.unseen:
            if not unchecked.knows(Account, name):
                near = unchecked.near_document(Account, name)
                yield UNSEEN.broken(settings.at("territory", "unseen", name), f"there is no account {name}{near}")
        for number, each in enumerate(settings.territory.exceptions):
            place = ("territory", "exceptions", number)
            if each.product is None and each.principal is None and each.key is None:
                yield EXCEPTION.broken(settings.at(*place), "the exception names no product, principal or key")
            if each.product and not unchecked.knows(Product, each.product):
                near = unchecked.near_document(Product, each.product)
                yield EXCEPTION.broken(settings.at(*place, "product"), f"there is no product {each.product}{near}")
