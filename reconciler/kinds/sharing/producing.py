"""What the producer's account and the domain's stewards may do with the product that is theirs."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.land import LINK_PREFIX, central, home
from reconciler.kinds.sharing.wanted import WantedGrant, each
from reconciler.model.lakeformation import OnDatabase, OnTag, OnTagPolicy, expression
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import domain_steward_arns

_KEEPING = ("DELETE", "DESCRIBE", "INSERT", "SELECT")
"""A steward keeps the data. Tables come and go by the mesh, so no ALTER, DROP or CREATE_TABLE."""


def producing_grants(mesh: Mesh, product: Product) -> Iterable[WantedGrant]:
    """The central account shares the product with its producer, who passes it on to the domain's stewards."""
    domain = mesh.domain(product)
    account, catalog, origin = mesh.producer(domain), mesh.central.id, domain.origin
    key = mesh.settings.tag_keys.product
    terms = expression({key: (product.name,)})
    databases, tables = OnTagPolicy(catalog, "DATABASE", terms), OnTagPolicy(catalog, "TABLE", terms)
    stewards = domain_steward_arns(mesh, domain)
    if account.id != catalog:
        own = central(mesh)
        yield from each(own, account.id, OnTag(catalog, key, product.name), ("DESCRIBE",), origin, grantable=True)
        yield from each(own, account.id, databases, ("DESCRIBE",), origin, grantable=True)
        yield from each(own, account.id, tables, _KEEPING, origin, grantable=True)
    cell = home(mesh, account.id)
    for number, steward in enumerate(stewards):
        place = domain.at("stewards", number)
        yield from each(cell, steward, databases, ("DESCRIBE",), place)
        yield from each(cell, steward, tables, _KEEPING, place)
        if account.id != catalog:
            link = OnDatabase(account.id, f"{LINK_PREFIX}{product.database}")
            yield from each(cell, steward, link, ("DESCRIBE",), place)
