"""Taken files: whether a table of a product comes to files that held the most sensitive values before."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.spec.approval import most_sensitive_columns
from reconciler.spec.data_places import table_location
from reconciler.spec.documents.product import Product
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh

Sensitive = tuple[tuple[str, str, str], ...]
"""Where files with the most sensitive values lie, and whose they are: product and table."""


def taken_files(before: Mesh, after: Mesh, product: Product) -> Iterator[tuple[str, str]]:
    """Tables of a product as it is now that come to such files of another table, and the name of that one."""
    old = before.products.get(product.name)
    stood = {each.name: table_location(before, old, each) for each in old.tables} if old is not None else {}
    for table in product.tables:
        here = table_location(after, product, table) if table.format != "view" else ""
        if not here or stood.get(table.name) == here:
            continue
        for place, whose, name in _sensitive(before):
            if (whose, name) != (product.name, table.name) and (place.startswith(here) or here.startswith(place)):
                yield f"{product.name}.{table.name}", f"{whose}.{name}"


@memo
def _sensitive(mesh: Mesh) -> Sensitive:
    return tuple(
        (table_location(mesh, product, table), product.name, table.name)
        for product in mesh.products.values()
        for names in ({each.partition(".")[0] for each in most_sensitive_columns(mesh, product)},)
        for table in product.tables
        if table.name in names and table.format != "view"
    )
