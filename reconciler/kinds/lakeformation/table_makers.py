"""What Lake Formation gives to whoever makes a table, and to his account: theirs, as long as they are to make tables.

https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html
"""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.lakeformation import ALL_TABLES, Grant, OnTable
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import writer_arn


def is_its_makers(mesh: Mesh, database: str, grant: Grant) -> bool:
    """Whether a permission on a table of a product is that of a writer who may make tables there."""
    match grant.target:
        case OnTable(table=table) if table != ALL_TABLES:
            return grant.principal in _makers(mesh).get(database, ())
        case _:
            return False


@memo
def _makers(mesh: Mesh) -> Mapping[str, frozenset[str]]:
    """The writers of each database who may make tables, and the account in which they are."""
    found: dict[str, frozenset[str]] = {}
    for product in mesh.products.values():
        makers = [writer_arn(mesh, product, each) for each in product.writers if "CREATE_TABLE" in each.permissions]
        for database in product.databases if makers else ():
            of_all = found.get(database, frozenset())
            found[database] = of_all | {*makers, mesh.producer(mesh.domain(product)).id}
    return found
