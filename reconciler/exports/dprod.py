"""Products in the words of DPROD, the ontology of data products (JSON-LD): what they offer, and what they are made of.

https://ekgf.github.io/dprod/
"""

from __future__ import annotations

from typing import Any

from reconciler.exports.identity import uri
from reconciler.spec.data_places import table_location
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.table import Table
from reconciler.spec.mesh import Mesh

_CONTEXT = {
    "dprod": "https://ekgf.github.io/dprod/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}


def graph(mesh: Mesh, products: list[Product]) -> dict[str, Any]:
    """The products and everything that they name, as one graph; a thing is in it once."""
    nodes: dict[str, dict[str, Any]] = {}
    for product in products:
        for node in _nodes(mesh, product):
            nodes.setdefault(node["@id"], node)
    return {"@context": _CONTEXT, "@graph": [*nodes.values()]}


def _nodes(mesh: Mesh, product: Product) -> list[dict[str, Any]]:
    owner, domain = uri(mesh, "owner", _slug(product.owner)), uri(mesh, "domain", product.domain)
    ports = [uri(mesh, "port", product.name, table.name) for table in product.tables]
    known = [mesh.products.get((each.product or "").rpartition("/")[2]) for each in product.lineage.sources]
    found: dict[str, Any] = {
        "@id": uri(mesh, "product", product.name),
        "@type": "dprod:DataProduct",
        "rdfs:label": product.name,
        "dct:description": product.description,
        "dprod:dataProductOwner": {"@id": owner},
        "dprod:domain": {"@id": domain},
        "dprod:outputPort": [{"@id": port} for port in ports],
    }
    sources = [{"@id": _dataset(mesh, each, table)} for each in known if each for table in each.tables]
    if sources:
        found["dprod:inputDataset"] = sources
    nodes = [
        found,
        {"@id": owner, "@type": "prov:Agent", "rdfs:label": product.owner},
        {"@id": domain, "@type": "dprod:Domain", "rdfs:label": product.domain},
    ]
    for each in (product, *(one for one in known if one)):
        for table in each.tables:
            nodes.append(_dataset_node(mesh, each, table))
    for table, port in zip(product.tables, ports, strict=True):
        nodes += _port_nodes(mesh, product, table, port)
    return nodes


def _port_nodes(mesh: Mesh, product: Product, table: Table, port: str) -> list[dict[str, Any]]:
    distribution = uri(mesh, "distribution", product.name, table.name)
    service: dict[str, Any] = {
        "@id": port,
        "@type": "dcat:DataService",
        "rdfs:label": f"{product.name}.{table.name}",
        "dcat:endpointDescription": f"Table {table.name} of the Glue database {product.database_of(table)}.",
        "dprod:isAccessServiceOf": {"@id": distribution},
    }
    if table.format != "view":
        service["dcat:endpointURL"] = {"@id": table_location(mesh, product, table)}
    return [
        service,
        {
            "@id": distribution,
            "@type": "dcat:Distribution",
            "dct:format": table.format,
            "dprod:isDistributionOf": {"@id": _dataset(mesh, product, table)},
        },
    ]


def _dataset_node(mesh: Mesh, product: Product, table: Table) -> dict[str, Any]:
    said = {"dct:description": table.description} if table.description else {}
    label = f"{product.name}.{table.name}"
    return {"@id": _dataset(mesh, product, table), "@type": "dcat:Dataset", "rdfs:label": label, **said}


def _dataset(mesh: Mesh, product: Product, table: Table) -> str:
    return uri(mesh, "dataset", product.name, table.name)


def _slug(text: str) -> str:
    return "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in text)
