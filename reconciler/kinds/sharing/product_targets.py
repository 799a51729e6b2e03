"""What a grant on a whole product is on: its databases and its tables by its LF-tag, a database of others by name.

A database that others share carries no product's LF-tag, so it is described by its name: that shows no table of it.
https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html
"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.lakeformation import OnDatabase, OnTagPolicy, Target, expression
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import link_name


def on_databases(mesh: Mesh, product: Product) -> tuple[Target, ...]:
    """The databases of a product, in the central catalog."""
    if product.is_part:
        return shared_databases(mesh, (product,))
    return (OnTagPolicy(mesh.central.id, "DATABASE", expression({mesh.settings.tag_keys.product: (product.name,)})),)


def on_tables(mesh: Mesh, product: Product) -> OnTagPolicy:
    """The tables of a product."""
    return OnTagPolicy(mesh.central.id, "TABLE", expression({mesh.settings.tag_keys.product: (product.name,)}))


def shared_databases(mesh: Mesh, products: Iterable[Product]) -> tuple[Target, ...]:
    """The databases of which some of these products are only a part, each once."""
    names = dict.fromkeys(name for product in products if product.is_part for name in product.databases)
    return tuple(OnDatabase(mesh.central.id, name) for name in names)


def producer_links(product: Product, account: str) -> tuple[OnDatabase, ...]:
    """The links to a product's databases in the account of its producer."""
    return tuple(OnDatabase(account, link_name(name)) for name in product.databases)
