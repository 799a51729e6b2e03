"""Ids of exported documents: the same for the same thing of the same mesh, whenever and wherever it is exported."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.mesh import Mesh

VERSION = "1.0.0"
"""Versions of contracts and ports. A mesh has none: git has them."""


def contract_id(mesh: Mesh, product: Product) -> str:
    """The id of a product's data contract."""
    return _id(mesh, "contract", product.name)


def product_id(mesh: Mesh, product: Product) -> str:
    """The id of a data product."""
    return _id(mesh, "product", product.name)


def agreement_id(mesh: Mesh, subscription: Subscription, product: Product) -> str:
    """The id of the agreement by which a subscription reads a product."""
    return _id(mesh, "agreement", f"{subscription.name}/{product.name}")


def uri(mesh: Mesh, *path: str) -> str:
    """The name of a thing as a URI that names no host."""
    return ":".join(("urn:meshform", mesh.settings.name, *path))


def _id(mesh: Mesh, kind: str, name: str) -> str:
    return str(uuid5(NAMESPACE_URL, uri(mesh, kind, name)))
