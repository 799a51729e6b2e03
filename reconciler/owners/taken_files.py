"""Taken files: whether a table of a product comes to files that held the most sensitive values before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.spec.approval import most_sensitive_columns
from reconciler.spec.data_places import table_location
from reconciler.spec.documents.product import Product
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh

Found = tuple[tuple[str, str], ...]
Sensitive = tuple[Mapping[str, Found], Mapping[str, Found]]
"""Whose files with the most sensitive values lie at a place, and whose lie at it or below it: product and table."""


def taken_files(before: Mesh, after: Mesh, product: Product) -> Iterator[tuple[str, str]]:
    """Tables of a product as it is now that come to such files of another table, and the name of that one."""
    old = before.products.get(product.name)
    stood = {each.name: table_location(before, old, each) for each in old.tables} if old is not None else {}
    at, below = _sensitive(before)
    for table in product.tables:
        here = table_location(after, product, table) if table.format != "view" else ""
        if not here or stood.get(table.name) == here:
            continue
        above = (each for place in _folders(here)[:-1] for each in at.get(place, ()))
        for whose, name in (*above, *below.get(here, ())):
            if (whose, name) != (product.name, table.name):
                yield f"{product.name}.{table.name}", f"{whose}.{name}"


@memo
def _sensitive(mesh: Mesh) -> Sensitive:
    at: dict[str, list[tuple[str, str]]] = {}
    below: dict[str, list[tuple[str, str]]] = {}
    for product in mesh.products.values():
        names = {each.partition(".")[0] for each in most_sensitive_columns(mesh, product)}
        for table in product.tables:
            if table.name in names and table.format != "view":
                place = table_location(mesh, product, table)
                at.setdefault(place, []).append((product.name, table.name))
                for folder in _folders(place):
                    below.setdefault(folder, []).append((product.name, table.name))
    at_place, at_or_below = ({place: tuple(whose) for place, whose in each.items()} for each in (at, below))
    return at_place, at_or_below


def _folders(place: str) -> list[str]:
    """A place and each folder around it, from the bucket on: each ends with a slash."""
    parts = place.split("/")
    return ["/".join(parts[:end]) + "/" for end in range(3, len(parts))]
