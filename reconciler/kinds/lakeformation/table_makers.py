"""What Lake Formation gives to whoever makes a table, and to his account: theirs, as long as they are to make tables.

https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from reconciler.model.lakeformation import ALL_TABLES, Grant, OnTable
from reconciler.spec.extents import product_at
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import writer_arn


def is_its_makers(mesh: Mesh, database: str, grant: Grant) -> bool:
    """Whether a permission on a table is that of a writer who may make tables there: his product's or nobody's."""
    match grant.target:
        case OnTable(table=table) if table != ALL_TABLES:
            products, owner = _makers(mesh).get((database, grant.principal), ()), product_at(mesh, database, table)
            return bool(products) if owner is None else owner.name in products
        case _:
            return False


@memo
def _makers(mesh: Mesh) -> Mapping[tuple[str, str], Collection[str]]:
    """By database the writers who may make tables there, and the account in which they are: of which products."""
    found: dict[tuple[str, str], set[str]] = {}
    for product in mesh.products.values():
        makers = [writer_arn(mesh, product, each) for each in product.writers if "CREATE_TABLE" in each.permissions]
        for database in product.databases if makers else ():
            for principal in (*makers, mesh.producer(mesh.domain(product)).id):
                found.setdefault((database, principal), set()).add(product.name)
    return found
