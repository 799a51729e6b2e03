"""Where products come from, as events of OpenLineage (2-0-2): one about the job that makes each, static metadata.

https://openlineage.io/spec/2-0-2/OpenLineage.json; names of Glue tables: https://openlineage.io/docs/spec/naming
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from reconciler.spec import placements
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.table import Table
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition

_PRODUCER = "urn:meshform"
_SPEC = "https://openlineage.io/spec"
_FACETS = {
    "schema": "facets/1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet",
    "ownership": "facets/1-0-1/OwnershipDatasetFacet.json#/$defs/OwnershipDatasetFacet",
    "documentation": "facets/1-1-0/DocumentationDatasetFacet.json#/$defs/DocumentationDatasetFacet",
    "job documentation": "facets/1-1-0/DocumentationJobFacet.json#/$defs/DocumentationJobFacet",
}


def job_event(mesh: Mesh, product: Product, at: datetime) -> dict[str, Any]:
    """The event about a product. Sources that are no products of the mesh are datasets of the mesh's own namespace."""
    sources = [dataset for each in product.lineage.sources for dataset in _sources(mesh, each.name, each.product)]
    text = " ".join((product.description, *product.lineage.transformations))
    return {
        "eventTime": at.isoformat(),
        "producer": _PRODUCER,
        "schemaURL": f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/JobEvent",
        "job": {
            "namespace": mesh.settings.name,
            "name": f"{product.domain}.{product.name}",
            "facets": {"documentation": _facet("job documentation", description=text)},
        },
        "inputs": sources,
        "outputs": [_dataset(mesh, product, table, is_whole=True) for table in product.tables],
    }


def _sources(mesh: Mesh, name: str, said: str | None) -> list[dict[str, Any]]:
    product = mesh.products.get((said or "").rpartition("/")[2])
    if product is None:
        return [{"namespace": mesh.settings.name, "name": name}]
    return [_dataset(mesh, product, table, is_whole=False) for table in product.tables]


def _dataset(mesh: Mesh, product: Product, table: Table, *, is_whole: bool) -> dict[str, Any]:
    place = placements.of_database(mesh, product)
    found: dict[str, Any] = {
        "namespace": f"arn:{partition(place.region)}:glue:{place.region}:{place.account}",
        "name": f"table/{product.database_of(table)}/{table.name}",
    }
    if is_whole:
        rows = [(each.name, each.type, each.description) for each in table.columns]
        rows += [(each.name, each.type, each.description) for each in table.partition_keys]
        fields = [{"name": name, "type": kind, **({"description": said} if said else {})} for name, kind, said in rows]
        facets = {"schema": _facet("schema", fields=fields)}
        facets["ownership"] = _facet("ownership", owners=[{"name": f"team:{product.owner}", "type": "OWNER"}])
        if table.description:
            facets["documentation"] = _facet("documentation", description=table.description)
        found["facets"] = facets
    return found


def _facet(kind: str, **fields: Any) -> dict[str, Any]:
    return {"_producer": _PRODUCER, "_schemaURL": f"{_SPEC}/{_FACETS[kind]}", **fields}
