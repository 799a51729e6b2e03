"""Products in catalogs within the central one: S3 Tables and federated catalogs, used as they are.

https://docs.aws.amazon.com/lake-formation/latest/dg/create-s3-tables-catalog.html
https://docs.aws.amazon.com/lake-formation/latest/dg/notes-s3-catalog.html
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.product import Product
from reconciler.spec.names import link_name
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

WITHIN = Rule(
    "catalog-within",
    "error",
    "What lies in a catalog within the account's is used as it is.",
    "Its tables are `definition: external`, and those of S3 Tables `format: iceberg` under s3tablescatalog/<bucket>. "
    "Nothing crawls or curates them. Links are called by the database alone, so no other product's may have its name.",
)
_S3_TABLES = "s3tablescatalog"


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about products with `catalog`."""
    links: dict[str, Product] = {}
    for product in sorted(unchecked.all(Product), key=lambda each: each.catalog or ""):
        known = links.setdefault(link_name(product.database), product)
        if known.database != product.database:
            name = link_name(product.database)
            yield WITHIN.broken(
                product.at("database"), f"the link {name} would stand for the database of {known.name} too"
            )
        if product.catalog is not None:
            yield from _of(product, product.catalog)


def _of(product: Product, catalog: str) -> Iterator[Finding]:
    is_s3 = catalog.partition("/")[0] == _S3_TABLES
    if is_s3 and catalog.count("/") != 1:
        yield WITHIN.broken(product.at("catalog"), f"{catalog} names no table bucket: write {_S3_TABLES}/<bucket>")
    for field in ("crawler", "curation"):
        if getattr(product, field) is not None:
            yield WITHIN.broken(product.at(field), f"{product.name} lies in {catalog}: leave `{field}` out")
    for index, table in enumerate(product.tables):
        if table.definition != "external":
            place = product.at("tables", index, "definition")
            yield WITHIN.broken(place, f"{table.name} lies in {catalog}: write definition: external")
        elif is_s3 and table.format != "iceberg":
            place = product.at("tables", index, "format")
            yield WITHIN.broken(place, f"{table.name} is of S3 Tables: write format: iceberg")
