"""What somebody reads of things that were found, and by which subscriptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.access import Access, evaluate, principal_directory
from reconciler.access.queries.ask import what_can
from reconciler.access.queries.find import principal
from reconciler.kinds import registry
from reconciler.plan.compile import compile_mesh
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.extents import product_at
from reconciler.spec.mesh import Mesh
from reconciler.spec.nested_fields import top
from reconciler.spec.tags import readable_columns, subscribed_products


@dataclass(frozen=True, slots=True)
class Reads:
    """How many columns somebody reads of each product, table and column, and by each subscription; and how many each
    has or opens. A partition key, which comes with any column of its table, counts for itself only."""

    read: Mapping[str, int]
    width: Mapping[str, int]

    def of(self, name: str) -> str:
        """In words: nothing, all, or how many."""
        read, width = self.read.get(name, 0), self.width.get(name, 0)
        if not read:
            return "nothing"
        return "all" if read >= width else f"{read} of {width} columns"


def reads_of(mesh: Mesh, reader: str, evaluated: Access | None = None) -> Reads:
    """What a principal reads by the documents, which are evaluated unless that is done. Raises MeshformError for
    nobody."""
    access = evaluated or evaluate(compile_mesh(mesh, registry()), principal_directory(mesh))
    keys = {
        f"{each.name}.{one.name}.{key.name}"
        for each in mesh.products.values()
        for one in each.tables
        for key in one.partition_keys
    }
    found: set[tuple[str, str]] = set()
    for fact in what_can(access, mesh, [principal(access, mesh, reader)]):
        product = product_at(mesh, fact.database, fact.table)
        if fact.is_reading and fact.certain and product is not None:
            table = f"{product.name}.{fact.table}"
            column = f"{table}.{fact.column}"
            wholes = () if column in keys else (product.name, table, *map(_by, fact.subscriptions))
            found |= {(name, column) for name in (column, *wholes)}
    read = Counter(name for name, _ in found)
    width = Counter({_by(each.name): _opened(mesh, each) for each in mesh.subscriptions.values()})
    width.update(keys)
    for each in mesh.products.values():
        for one in each.tables:
            for name in (each.name, f"{each.name}.{one.name}"):
                width[name] += len(one.columns)
            width.update(f"{each.name}.{one.name}.{column.name}" for column in one.columns)
    return Reads(read, width)


def _by(subscription: str) -> str:
    return f"subscription:{subscription}"


def _opened(mesh: Mesh, subscription: Subscription) -> int:
    """How many columns a subscription opens, or fields of them."""
    return sum(
        len({top(table, name) for name in readable_columns(mesh, subscription, product, table)})
        for product in subscribed_products(mesh, subscription)
        for table in product.tables
    )
