"""Offers: what a subscription to a product would give, and who would have to approve it, for each that can be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from reconciler.spec.approval import approvers, levels
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import SubscribedTable, Subscription
from reconciler.spec.in_force import holds, is_suspended
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arn
from reconciler.spec.tags import effective_tags
from reconciler.spec.today import today

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
    """A column of a table: its sensitivity (empty: none), who must approve a subscription that names it, and whether
    that gives it: what is suspended nobody gets."""

    table: str
    column: str
    sensitivity: str
    approvers: Names
    is_given: bool

    @property
    def name(self) -> str:
        """`table.column`."""
        return f"{self.table}.{self.column}"


def labels_of(mesh: Mesh, product: Product) -> Labels:
    """The effective LF-tags of every column, by `table.column`, in the order of the product."""
    found: dict[str, Mapping[str, str]] = {}
    for table in product.tables:
        # Columns that are tagged alike share the answer: they are many, and ways to tag them few.
        known: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}
        for column in table.columns:
            worn = tuple(column.tags.items())
            if worn not in known:
                known[worn] = effective_tags(mesh, product, table, column)
            found[f"{table.name}.{column.name}"] = known[worn]
    return found


def offers(mesh: Mesh, product: Product, labels: Labels) -> Iterator[Offer]:
    """An offer for each sensitivity that opens more columns than the one below it; none where the key has no order."""
    held = _suspended(mesh)
    order, key, before = levels(mesh), mesh.settings.sensitivity_key, 0
    for number, value in enumerate(order, 1):
        values = order[:number]
        columns = tuple(name for name, tags in labels.items() if tags.get(key) in values and not held(product, tags))
        if len(columns) > before:
            before = len(columns)
            asked = _subscription(product, clearance={key: values})
            yield Offer(value, columns, approvers(mesh, asked))


def column_offers(mesh: Mesh, product: Product, labels: Labels) -> Iterator[ColumnOffer]:
    """Every column of a product, in its order. Of several, those approve who approve the most sensitive one."""
    key, known, held = mesh.settings.sensitivity_key, dict[str, Names](), _suspended(mesh)
    for table in product.tables:
        for column in table.columns:
            tags = labels[f"{table.name}.{column.name}"]
            label = tags.get(key, "")
            if label not in known:
                tables = (SubscribedTable(name=table.name, columns=(column.name,)),)
                known[label] = approvers(mesh, _subscription(product, tables=tables))
            yield ColumnOffer(table.name, column.name, label, known[label], not held(product, tags))


@memo
def suspended_readers(mesh: Mesh) -> Names:
    """Who gets nothing, whatever is asked for, as consumer/principal."""
    return tuple(
        f"{consumer.name}/{each.name}"
        for consumer in (mesh.consumers.values() if mesh.suspended else ())
        for each in consumer.principals
        if is_suspended(mesh, principal_arn(mesh, consumer, each))
    )


@memo
def _suspended(mesh: Mesh) -> Callable[[Product, Mapping[str, str]], bool]:
    """Whether nobody gets a column of a product with these tags, since a suspension takes away the one or the other."""
    found = [each for each in mesh.suspensions.values() if holds(each, today())]
    products = {str(each.product).rpartition("/")[2] for each in found if each.product}
    tags = {tag for each in found for tag in (each.tag or {}).items()}
    return lambda product, worn: product.name in products or not tags.isdisjoint(worn.items())


_ASKED = Subscription(name="asked", consumer="asked", purpose="asked")


def _subscription(product: Product, **how: object) -> Subscription:
    # A copy, since ten thousand products have eighty thousand of them.
    return _ASKED.model_copy(update={"product": f"{product.domain}/{product.name}", **how})
