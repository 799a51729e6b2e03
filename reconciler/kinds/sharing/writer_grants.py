"""What the writers of a product may do with its tables, and its producer's account to pass it on to them.

| right                      | on                                   | why                                            |
|----------------------------|--------------------------------------|------------------------------------------------|
| DESCRIBE, CREATE_TABLE     | its databases                        | dbt drops and makes tables                     |
| as declared, and DESCRIBE  | its tables                           | engines commit, add columns and partitions     |
| DATA_LOCATION_ACCESS       | the places of its tables, each alone | a table elsewhere would show others' files     |

https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-underlying-data.html
"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.sharing.product_targets import on_databases, on_tables, producer_links
from reconciler.kinds.sharing.wanted_grant import WantedGrant, each
from reconciler.model.lakeformation import OnLocation, Target
from reconciler.spec import placements
from reconciler.spec.data_places import table_location
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.writer import Writer
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition, writer_arn

_PLACING = frozenset({"ALTER", "CREATE_TABLE"})


def writer_grants(mesh: Mesh, product: Product) -> Iterable[WantedGrant]:
    """Every permission of the writers of a product."""
    placement, own = placements.of_product(mesh, product), placements.of_catalog(mesh)
    for number, writer in enumerate(product.writers):
        origin, role = product.at("writers", number), writer_arn(mesh, product, writer)
        for target, permissions in _rights(mesh, product, writer):
            if placement != own:
                yield from each(own, placement.account, target, permissions, origin, grantable=True)
            yield from each(placement, role, target, permissions, origin)
        for link in producer_links(product, placement.account) if placement != own else ():
            yield from each(placement, role, link, ("DESCRIBE",), origin)


def _rights(mesh: Mesh, product: Product, writer: Writer) -> Iterable[tuple[Target, tuple[str, ...]]]:
    catalog = mesh.central.id
    asked = set(writer.permissions)
    on_database = ("CREATE_TABLE", "DESCRIBE") if "CREATE_TABLE" in asked else ("DESCRIBE",)
    for database in on_databases(mesh, product):
        yield database, on_database
    yield on_tables(mesh, product), tuple(sorted({*(asked - {"CREATE_TABLE"}), "DESCRIBE"}))
    if asked & _PLACING and product.catalog is None:
        for table in product.tables:
            place = table_location(mesh, product, table).removeprefix("s3://").rstrip("/")
            yield OnLocation(catalog, f"arn:{partition(mesh.region)}:s3:::{place}"), ("DATA_LOCATION_ACCESS",)
