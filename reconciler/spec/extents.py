"""Extents: whose a database or a table of the central catalog is, by the documents.

| extent     | its databases are | its LF-tags lie on  | a table that no document declares                |
|------------|-------------------|---------------------|--------------------------------------------------|
| `database` | the product's     | its databases       | is the product's, though its columns bear no     |
|            |                   |                     | sensitivity                                      |
| `tables`   | nobody's alone    | its declared tables | is nobody's                                      |
"""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.spec.documents.product import Product
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh

TablePlace = tuple[str, str]
"""A database and a table."""


def products_in(mesh: Mesh, database: str) -> tuple[Product, ...]:
    """The products that are a database or have tables in it, by name."""
    return _products_in(mesh).get(database, ())


def product_at(mesh: Mesh, database: str, table: str = "") -> Product | None:
    """Whose a table is; without a table whose the whole database is. None where it is nobody's."""
    return _wholes(mesh).get(database) or _parts(mesh).get((database, table))


def product_databases(mesh: Mesh) -> frozenset[str]:
    """The databases of all products."""
    return frozenset(_products_in(mesh))


@memo
def _products_in(mesh: Mesh) -> Mapping[str, tuple[Product, ...]]:
    found: dict[str, list[Product]] = {}
    for product in mesh.products.values():
        for database in product.databases:
            found.setdefault(database, []).append(product)
    return {database: tuple(products) for database, products in found.items()}


@memo
def _wholes(mesh: Mesh) -> Mapping[str, Product]:
    return {name: each for each in mesh.products.values() if each.extent == "database" for name in each.databases}


@memo
def _parts(mesh: Mesh) -> Mapping[TablePlace, Product]:
    parts = (each for each in mesh.products.values() if each.is_part)
    return {(each.database_of(table), table.name): each for each in parts for table in each.tables}
