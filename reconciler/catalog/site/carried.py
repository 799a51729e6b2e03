"""Carried: which products carry which values of LF-tags, themselves or on columns."""

from __future__ import annotations

from dataclasses import dataclass, field

from reconciler.catalog.site.offers import Labels
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh

MOST = 100
"""So many products of a value are on the page of its key, and so many columns of each."""


@dataclass(slots=True)
class OfValue:
    """Products that carry a value, with their columns that do (table and name), the first of each; and how many."""

    count: int = 0
    products: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


class Carried:
    """Filled product by product, since each is looked at only once."""

    def __init__(self, mesh: Mesh) -> None:
        self.by_key: dict[str, dict[str, OfValue]] = {key: {} for key in mesh.tags}

    def add(self, product: Product, labels: Labels) -> None:
        """Take in what a product carries. All of its columns are none in particular."""
        found: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for table in product.tables:
            for column in table.columns:
                for key, value in labels[f"{table.name}.{column.name}"].items():
                    if key in self.by_key:
                        found.setdefault((key, value), []).append((table.name, column.name))
        width = sum(len(table.columns) for table in product.tables)
        for (key, value), columns in found.items():
            known = self.by_key[key].setdefault(value, OfValue())
            known.count += 1
            if known.count <= MOST:
                known.products[product.name] = [] if len(columns) == width else columns[:MOST]
