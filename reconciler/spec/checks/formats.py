"""The formats of tables: what a format needs, what goes with it, and what is not a mesh's to set."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.files import Json, TableCsv
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.table import Table
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

FORMAT = Rule(
    "table-format",
    "error",
    "A table says of its files what its format takes.",
    "`storage` belongs to the format other, `csv` to csv, `json` to json. An Iceberg table is made by its writer, and "
    "a view by others, so they are declared with `definition: external`; such a table has no storage, properties or "
    "compression here, and a view no location and no partition keys. A recipe of DataBrew writes csv, json, parquet, "
    "orc or avro.",
)
PROPERTY = Rule(
    "table-property",
    "error",
    "Table properties are none that Meshform, Glue or Iceberg writes.",
    "Leave it out. The lines of a header are `csv: {header: true}`.",
)
OWN_PROPERTIES = frozenset(
    {"EXTERNAL", "table_type", "metadata_location", "previous_metadata_location", "skip.header.line.count"}
)
#: Engines take a table for one of these by what Spark says of it, as by its `table_type`.
_KEPT = ("delta", "iceberg")
_USUAL_CSV, _USUAL_JSON = TableCsv(), Json()


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about the formats of tables."""
    for product in unchecked.all(Product):
        for index, table in enumerate(product.tables):
            for field, message in _wrong(product, table):
                yield FORMAT.broken(product.at("tables", index, field), message)
            for name in table.properties:
                if name in OWN_PROPERTIES or name.startswith("meshform:"):
                    place = product.at("tables", index, "properties", name)
                    yield PROPERTY.broken(place, f"{name} is not for a mesh to set")
                elif name == "spark.sql.sources.provider" and table.properties[name].lower() in _KEPT:
                    place = product.at("tables", index, "properties", name)
                    yield PROPERTY.broken(place, "its writer makes such a table: write definition: external instead")


def _wrong(product: Product, table: Table) -> Iterator[tuple[str, str]]:
    """Fields, each with what is wrong about it."""
    external, said = table.definition == "external", table.format
    if said == "iceberg" and not external:
        yield "format", "an Iceberg table is made by its writer: write definition: external beside it"
    if said == "view" and not external:
        yield "format", "a view is made by others: write definition: external beside it"
    if said == "view" and table.location is not None:
        yield "location", "a view has no files: leave `location` out"
    if said == "view" and table.partition_keys:
        yield "partitionKeys", "a view has no partition keys: declare them as columns"
    if said == "other" and table.storage is None and not external:
        yield "format", "the format other needs `storage`: inputFormat, outputFormat and serializer"
    if table.storage is not None and (said != "other" or external):
        yield (
            "storage",
            f"`storage` belongs to the format other, not to {said}" if not external else _written("storage"),
        )
    if said != "csv" and table.csv != _USUAL_CSV:
        yield "csv", f"`csv` belongs to the format csv, not to {said}"
    if said != "json" and table.json_ != _USUAL_JSON:
        yield "json", f"`json` belongs to the format json, not to {said}"
    if external and table.properties:
        yield "properties", _written("properties")
    if external and table.compression is not None:
        yield "compression", _written("compression")
    brew = product.curation.data_brew if product.curation is not None else None
    if brew is not None and brew.output == table.name and said in ("iceberg", "view", "other"):
        yield "format", f"a recipe of DataBrew does not write {said}"


def _written(field: str) -> str:
    return f"an external table is its writer's: leave `{field}` out"
