"""Readers: which subscriptions open which columns of which product, and who keeps it and reads it without one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.spec import placements
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.documents.table import Table
from reconciler.spec.in_force import is_suspended
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import is_linked, link_in, staff_arn, writer_arn
from reconciler.spec.nested_fields import field_path
from reconciler.spec.tags import readable_columns, subscribed_products


@dataclass(frozen=True, slots=True)
class Reading:
    """What a subscription opens of a product: columns by table, and rows where not all of them."""

    subscription: Subscription
    product: Product
    columns: Mapping[str, tuple[str, ...]]
    rows: tuple[str, ...]
    databases: tuple[str, ...] = ()
    """What its databases are called where the consumer queries them; empty where that is not the mesh's to say."""
    perhaps: tuple[str, ...] = ()
    """Its principals of whom it is not known whether AWS gives it to them (`center_people`)."""

    @property
    def whom(self) -> str:
        """Its principals, in words."""
        unsure = " (perhaps: Lake Formation supports nobody of IAM Identity Center across accounts)"
        names = self.subscription.principals
        return ", ".join(f"{each}{unsure if each in self.perhaps else ''}" for each in names) or "the whole account"

    @property
    def width(self) -> int:
        """How many columns it opens."""
        return sum(map(len, self.columns.values()))

    @property
    def until(self) -> str:
        """Its last day, or `no end`."""
        return str(self.subscription.expires or "no end")

    @property
    def writes(self) -> str:
        """What it lets people do besides reading."""
        return ", ".join(each for each in self.subscription.permissions if each not in ("SELECT", "DESCRIBE"))

    def part_of(self, table: Table, column: str) -> str:
        """What of a column it opens, where that is not all: some rows, or some fields of a struct."""
        shared = next((each for each in self.subscription.tables if each.name == table.name), None)
        if shared is None:
            return ""
        only, out = (", ".join(_fields(table, column, names)) for names in (shared.columns, shared.exclude))
        said = (
            f"rows where {shared.rows}" if shared.rows else "",
            f"of it only {only}" if only and column not in shared.columns else "",
            f"of it all but {out}" if out else "",
        )
        return "; ".join(each for each in said if each)


def readings(mesh: Mesh) -> Mapping[str, tuple[Reading, ...]]:
    """By product: the subscriptions in force that reach it."""
    found: dict[str, list[Reading]] = {}
    center = center_people(mesh)
    for subscription in mesh.subscriptions.values():
        consumer = mesh.consumer(subscription)
        may_read = not {"SELECT", "ALL"}.isdisjoint(subscription.permissions)
        for product in subscribed_products(mesh, subscription):
            columns = {
                table.name: names
                for table in product.tables
                if may_read and (names := readable_columns(mesh, subscription, product, table))
            }
            rows = tuple(f"{each.name}: {each.rows}" for each in subscription.tables if each.rows)
            called = _called(mesh, consumer, product)
            home = placements.of_database(mesh, product).account
            unsure = tuple(
                each for each in subscription.principals if center.get(f"{consumer.name}/{each}", home) != home
            )
            found.setdefault(product.name, []).append(Reading(subscription, product, columns, rows, called, unsure))
    return {name: tuple(each) for name, each in found.items()}


def by_column(read: Iterable[Reading], table: Table) -> Mapping[str, Sequence[Reading]]:
    """By column of a table: those that open it."""
    found: dict[str, list[Reading]] = {}
    for each in read:
        for name in each.columns.get(table.name, ()):
            found.setdefault(name, []).append(each)
    return found


def center_people(mesh: Mesh) -> Mapping[str, str]:
    """The account of each consumer/principal that only IAM Identity Center knows. What comes to them from another
    account AWS does not support, so nobody knows whether they get it.

    https://docs.aws.amazon.com/lake-formation/latest/dg/identity-center-lf-notes.html
    """
    return {
        f"{consumer.name}/{each.name}": account.id
        for consumer in mesh.consumers.values()
        if (account := mesh.reader_account(consumer)) is not None
        for each in consumer.principals
        if each.is_of_identity_center
    }


def keepers(mesh: Mesh, product: Product) -> Iterator[tuple[str, str]]:
    """Who reads all of a product without a subscription, since he keeps it: the name, and as what."""
    domain = mesh.domain(product)
    account = mesh.producer(domain)
    for name in domain.stewards:
        if not is_suspended(mesh, staff_arn(mesh, account, name)):
            yield name, f"steward of {domain.name}"
    for writer in product.writers:
        if "SELECT" in writer.permissions and not is_suspended(mesh, writer_arn(mesh, product, writer)):
            yield writer.name, "writes it"


def _called(mesh: Mesh, consumer: Consumer, product: Product) -> tuple[str, ...]:
    """The databases of a product as somebody names them in a query: links, but in the account that has them."""
    account = mesh.reader_account(consumer)
    if account is None:
        return ()
    if account.id == placements.of_database(mesh, product).account:
        return product.databases
    if not is_linked(mesh, account.id, product):
        return ()
    return tuple(link_in(mesh, account.id, database) for database in product.databases)


def _fields(table: Table, column: str, names: tuple[str, ...]) -> Iterator[str]:
    """Of these names, the fields in a column."""
    for name in names:
        path = field_path(table, name)
        if len(path) > 1 and path[0] == column:
            yield ".".join(path)
