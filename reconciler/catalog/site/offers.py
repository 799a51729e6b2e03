"""Offers: what a subscription to a product would give, and who would have to approve it, for each that can be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reconciler.spec.approval import approvers, levels
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import effective_tags

Names = tuple[str, ...]
Labels = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Offer:
    """A subscription up to a sensitivity: its columns (`table.column`), and who must approve (none: nobody)."""

    up_to: str
    columns: Names
    approvers: Names


@dataclass(frozen=True, slots=True)
class ColumnOffer:
    """A column by its name: its sensitivity (empty: none), and who must approve a subscription that names it."""

    name: str
    sensitivity: str
    approvers: Names


def labels_of(mesh: Mesh, product: Product) -> Labels:
    """The effective LF-tags of every column, by `table.column`, in the order of the product."""
    return {
        f"{table.name}.{column.name}": effective_tags(mesh, product, table, column)
        for table in product.tables
        for column in table.columns
    }


def offers(mesh: Mesh, product: Product, labels: Labels) -> Iterator[Offer]:
    """An offer for each sensitivity that opens more columns than the one below it; none where the key has no order."""
    order, key, before = levels(mesh), mesh.settings.sensitivity_key, 0
    for number, value in enumerate(order, 1):
        values = order[:number]
        columns = tuple(name for name, tags in labels.items() if tags.get(key) in values)
        if len(columns) > before:
            before = len(columns)
            asked = _subscription(product, {"clearance": {key: values}})
            yield Offer(value, columns, approvers(mesh, asked))


def column_offers(mesh: Mesh, product: Product, labels: Labels) -> Iterator[ColumnOffer]:
    """Every column of a product, in its order. Of several, those approve who approve the most sensitive one."""
    key, known = mesh.settings.sensitivity_key, dict[str, Names]()
    for name, tags in labels.items():
        label = tags.get(key, "")
        if label not in known:
            table, _, column = name.partition(".")
            known[label] = approvers(mesh, _subscription(product, {"tables": [{"name": table, "columns": [column]}]}))
        yield ColumnOffer(name, label, known[label])


def _subscription(product: Product, how: dict[str, object]) -> Subscription:
    said = {"kind": "Subscription", "name": "asked", "consumer": "asked", "purpose": "asked"}
    return Subscription.model_validate({**said, "product": f"{product.domain}/{product.name}", **how})
