"""Products in catalogs within the central one: S3 Tables and federated catalogs, used as they are.

https://docs.aws.amazon.com/lake-formation/latest/dg/create-s3-tables-catalog.html
https://docs.aws.amazon.com/lake-formation/latest/dg/notes-s3-catalog.html
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.account import Account
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
OF_PRODUCER = Rule(
    "catalog-of-producer",
    "error",
    "The database of a product is in the central catalog, or in a catalog within it.",
    "LF-tags lie on what is in their own account's catalog, and what is shared with the central account it cannot "
    "share on. Let a database of the central catalog have tables over the same files, or make the producer account the "
    "central account of a mesh of its own. ADR 52 has the pages of AWS.",
)
_S3_TABLES = "s3tablescatalog"


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about products with `catalog`."""
    accounts = {account.id: account.name for account in unchecked.all(Account)}
    links: dict[str, tuple[Product, str]] = {}
    for product in sorted(unchecked.all(Product), key=lambda each: each.catalog or ""):
        for database in product.databases:
            known, other = links.setdefault(link_name(database), (product, database))
            if other != database:
                message = f"the link {link_name(database)} would stand for the database of {known.name} too"
                yield WITHIN.broken(product.at("database"), message)
        account = (product.catalog or "").partition("/")[0]
        if account in accounts:
            message = f"{account} is the account {accounts[account]}: products are not shared from another catalog"
            yield OF_PRODUCER.broken(product.at("catalog"), message)
        elif product.catalog is not None:
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
