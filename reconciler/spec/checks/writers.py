"""Writers of a product are roles of its producer's account, each named once."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

WRITER = Rule(
    "product-writer",
    "error",
    "A writer of a product is a role of its producer's account, and is named once.",
    "Whoever writes from another account does so by a role of the producer's that it may assume. A role that is made "
    "has a name without a path.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about writers."""
    domains, accounts = unchecked.named(Domain), unchecked.named(Account)
    for product in unchecked.all(Product):
        domain = domains.get(product.domain)
        account = accounts.get(domain.account) if domain is not None else None
        seen: set[str] = set()
        for number, writer in enumerate(product.writers):
            here = ("writers", number)
            for said in {writer.name, writer.role} & seen:
                yield WRITER.broken(product.at(*here), f"{said} is a writer of {product.name} already")
            seen |= {writer.name, writer.role}
            parts = writer.role.split(":")
            if account is not None and len(parts) == 6 and parts[4] != account.id:
                words = f"{writer.role} is of the account {parts[4]}, not of {account.name} ({account.id})"
                yield WRITER.broken(product.at(*here, "role"), words)
            if len(parts) == 6 and not parts[5].startswith("role/"):
                yield WRITER.broken(product.at(*here, "role"), f"{writer.role} is no role")
            if writer.create and ("/" in writer.role or len(parts) == 6):
                why = "a role that is made lies under the mesh's path; give its name without one"
                yield WRITER.broken(product.at(*here, "role"), why)
            if writer.trust and not writer.create:
                yield WRITER.broken(product.at(*here, "trust"), "trust is for roles that are made; add create: true")
