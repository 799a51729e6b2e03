"""A product as a data product of the Open Data Product Standard (v1.0).

https://bitol-io.github.io/open-data-product-standard/
"""

from __future__ import annotations

from typing import Any

from reconciler.exports.identity import VERSION, contract_id, product_id
from reconciler.exports.odcs import team
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import product_tags


def data_product(mesh: Mesh, product: Product) -> dict[str, Any]:
    """The product: it has one port of output, its database, and one of input for each product that it is made of.

    Sources that are no products of the mesh have no contract, so that they are told as a custom property.
    """
    sources = [(each, _source(mesh, each.product)) for each in product.lineage.sources]
    others = [each.name for each, known in sources if known is None]
    owner = mesh.teams.get(product.owner)
    found: dict[str, Any] = {
        "apiVersion": "v1.0.0",
        "kind": "DataProduct",
        "id": product_id(mesh, product),
        "name": product.name,
        "version": VERSION,
        "status": "deprecated" if product.retires else "active",
        "domain": product.domain,
        "tenant": mesh.settings.name,
        "description": {"purpose": product.description},
        "tags": [f"{name}={value}" for name, value in sorted(product_tags(mesh, product).items())],
        "inputPorts": [
            {"name": known.name, "version": VERSION, "contractId": contract_id(mesh, known)}
            for _, known in sources
            if known is not None
        ],
        "outputPorts": [output_port(mesh, product)],
        "support": [{"channel": owner.name, "url": f"mailto:{owner.email}", "tool": "email"}]
        if owner is not None and owner.email
        else [],
        "team": team(mesh, product.owner),
        "customProperties": [{"property": "sources", "value": others}] if others else [],
    }
    return {name: value for name, value in found.items() if value not in ([], {})}


def output_port(mesh: Mesh, product: Product) -> dict[str, Any]:
    """The database of a product, as what is offered."""
    return {
        "name": product.database,
        "description": f"Database {product.database} in the catalog of account {mesh.central.id}.",
        "type": "glue",
        "version": VERSION,
        "contractId": contract_id(mesh, product),
    }


def _source(mesh: Mesh, said: str | None) -> Product | None:
    return mesh.products.get((said or "").rpartition("/")[2])
