"""What Meshform does not make, it adds nothing to: domains whose resources are external have no machinery of ours."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.settings import Settings
from reconciler.spec.managed import is_managed
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

EXTERNAL = Rule(
    "external-domain",
    "error",
    "A domain whose resources are external has no stewards, crawlers, curation, quality rules and notifications.",
    "Meshform would make roles, rights and jobs for them. Let Meshform manage the domain (`resources: managed`), or "
    "leave them out.",
)


OLD = Rule(
    "old-cross-account-version",
    "error",
    "Meshform shares by cross-account version 3 or above.",
    "Before version 3 LF-tags are shared by the catalog's policy and nothing with single principals. Only what was "
    "there before is kept so: `resources: external` of the central Account.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about domains that Meshform does not make."""
    for settings in unchecked.all(Settings)[:1]:
        central = unchecked.named(Account).get(settings.central)
        if settings.cross_account_version < 3 and (central is None or is_managed(central)):
            yield OLD.broken(settings.at("crossAccountVersion"), "must be at least 3 where Meshform keeps the settings")
    domains = unchecked.named(Domain)
    for domain in domains.values():
        if not is_managed(domain) and domain.stewards:
            yield EXTERNAL.broken(domain.at("stewards"), f"the resources of {domain.name} are external: no stewards")
    for product in unchecked.named(Product).values():
        owner = domains.get(product.domain)
        if owner is None or is_managed(owner):
            continue
        for field in ("crawler", "curation", "notifications"):
            if getattr(product, field) is not None:
                yield EXTERNAL.broken(product.at(field), f"the resources of {owner.name} are external: no {field}")
        if product.writers:
            yield EXTERNAL.broken(product.at("writers"), f"the resources of {owner.name} are external: no writers")
        for index, table in enumerate(product.tables):
            if table.quality:
                where = product.at("tables", index, "quality")
                yield EXTERNAL.broken(where, f"the resources of {owner.name} are external: no quality rules")
