"""What goes: products, tables and columns whose owner has announced it, and the subscriptions that read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from reconciler.spec.documents.product import Product
from reconciler.spec.documents.retirement import Retirement
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.documents.table import Column, Table
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import readable_columns, subscribed_products
from reconciler.spec.yaml.source_map import Key

BY_NAME = ("parquet", "json", "avro")
"""Formats whose files have the names of their columns. In others a column is its place or its id, and has one name."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A product, or one of its tables, or a column of that."""

    product: Product
    table: Table | None = None
    column: Column | None = None

    @property
    def name(self) -> str:
        """product, product.table, product.table.column."""
        return ".".join(each.name for each in (self.product, self.table, self.column) if each is not None)

    @property
    def kind(self) -> str:
        return "column" if self.column else "table" if self.table else "product"

    @property
    def retires(self) -> Retirement | None:
        return (self.column or self.table or self.product).retires

    @property
    def first(self) -> Retirement | None:
        """What ends it: its own retirement, or that of what it is in, whichever comes first."""
        known = [each.retires for each in (self.product, self.table, self.column) if each is not None and each.retires]
        return min(known, key=lambda each: each.until, default=None)

    @property
    def path(self) -> tuple[Key, ...]:
        """Where it stands in the product's document."""
        if self.table is None:
            return ()
        at = self.product.tables.index(self.table)
        return (
            ("tables", at) if self.column is None else ("tables", at, "columns", self.table.columns.index(self.column))
        )

    @property
    def is_renamed(self) -> bool:
        """Whether it is called otherwise after its last day, with the values that it has."""
        instead = self.retires.instead if self.retires and self.column else None
        return bool(instead and self.table and instead not in self.table.types)

    def said(self) -> str:
        """What its owner announces, as half a sentence."""
        assert self.retires is not None, "it goes"
        instead = f"; read {self.retires.instead} instead" if self.retires.instead else ""
        if self.is_renamed:
            return f"is called {self.retires.instead} after {self.retires.until}"
        return f"is there until {self.retires.until}{instead}"


def retiring(products: Iterable[Product]) -> Iterator[Thing]:
    """What goes, with nothing in what goes as a whole."""
    for product in products:
        if product.retires:
            yield Thing(product)
            continue
        for table in product.tables:
            if table.retires:
                yield Thing(product, table)
                continue
            yield from (Thing(product, table, column) for column in table.columns if column.retires)


def reads(mesh: Mesh, subscription: Subscription, thing: Thing) -> bool:
    """Whether a subscription reads a thing."""
    if thing.product not in subscribed_products(mesh, subscription):
        return False
    if thing.table is None:
        return True
    opened = readable_columns(mesh, subscription, thing.product, thing.table)
    return bool(opened) if thing.column is None else thing.column.name in {each.partition(".")[0] for each in opened}


def retiring_within(mesh: Mesh, today: date, days: int) -> tuple[list[Thing], list[Thing]]:
    """What is past its last day, and what goes within so many days; by day and name."""
    dated = sorted(
        ((each.retires.until, each.name, each) for each in retiring(mesh.products.values()) if each.retires),
        key=lambda each: each[:2],
    )
    last = today + timedelta(days=days)
    return [each for day, _, each in dated if day < today], [each for day, _, each in dated if today <= day <= last]
