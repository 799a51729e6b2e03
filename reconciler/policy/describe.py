"""The documents of a mesh as the objects that policies look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from reconciler.policy import objects
from reconciler.spec.approval import levels
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.documents.table import Table
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import effective_tags, product_tags, readable_columns, subscribed_products, table_tags

Described = tuple[Any, Document]
"""An object, and the document in which it stands."""


def described(mesh: Mesh, word: str, today: date) -> Iterator[Described]:
    """Every object of a kind that the documents of a mesh have, sorted by document."""
    if word == "subscription":
        yield from ((_subscription(mesh, each, today), mesh.written[each.name]) for each in mesh.subscriptions.values())
        return
    yield from _DESCRIBERS[word](mesh)


def ranked(mesh: Mesh, values: Iterable[str]) -> tuple[objects.Texts, str, int]:
    """Sensitivities in their order, the highest of them, and its rank (from 1; 0 for none)."""
    order = levels(mesh)
    found = sorted(set(values) - {""}, key=lambda value: (order.index(value) if value in order else -1, value))
    highest = found[-1] if found else ""
    return tuple(found), highest, order.index(highest) + 1 if highest in order else 0


def _accounts(mesh: Mesh) -> Iterator[Described]:
    for each in mesh.accounts.values():
        parts, regions = tuple(map(str, each.parts)), each.regions or (mesh.region,)
        yield (
            objects.Account(
                each.name, each.id, parts, each.admins, each.stewards, each.organization or "", tuple(regions)
            ),
            each,
        )


def _teams(mesh: Mesh) -> Iterator[Described]:
    for each in mesh.teams.values():
        yield objects.Team(each.name, each.github or "", each.email or "", len(each.members)), each


def _tags(mesh: Mesh) -> Iterator[Described]:
    for each in mesh.tags.values():
        yield objects.Tag(each.name, each.owner or "", tuple(each.value_names), each.ordered), each


def _domains(mesh: Mesh) -> Iterator[Described]:
    for each in mesh.domains.values():
        count = len(mesh.products_of(each))
        is_team = each.owner in mesh.teams
        yield objects.Domain(each.name, each.owner, is_team, each.account, each.hybrid, count), each


def _products(mesh: Mesh) -> Iterator[Described]:
    reached: dict[str, int] = {}
    for subscription in mesh.subscriptions.values():
        for product in subscribed_products(mesh, subscription):
            reached[product.name] = reached.get(product.name, 0) + 1
    for each in mesh.products.values():
        values = [value for table in each.tables for value in _sensitivities(mesh, each, table)]
        sensitivities, highest, rank = ranked(mesh, values)
        yield (
            objects.Product(
                name=each.name,
                domain=each.domain,
                owner=each.owner,
                owner_is_team=each.owner in mesh.teams,
                description=each.description,
                classification=each.classification or "",
                database=each.database,
                labels=product_tags(mesh, each),
                tables=len(each.tables),
                columns=len(values),
                unclassified=values.count(""),
                sensitivities=sensitivities,
                highest=highest,
                rank=rank,
                approval=each.approval.mode,
                automatic_up_to=each.approval.automatic_up_to or "",
                freshness=each.freshness.max_age if each.freshness else "",
                quality_rules=sum(len(table.quality) for table in each.tables),
                sources=len(each.lineage.sources),
                subscriptions=reached.get(each.name, 0),
            ),
            each,
        )


def _tables(mesh: Mesh) -> Iterator[Described]:
    for product in mesh.products.values():
        for each in product.tables:
            values = _sensitivities(mesh, product, each)
            sensitivities, highest, rank = ranked(mesh, values)
            yield (
                objects.Table(
                    name=each.name,
                    product=product.name,
                    domain=product.domain,
                    owner=product.owner,
                    description=each.description or "",
                    format=each.format,
                    definition=each.definition,
                    labels={**product_tags(mesh, product), **table_tags(mesh, product, each)},
                    database=product.database_of(each),
                    columns=len(values),
                    unclassified=values.count(""),
                    sensitivities=sensitivities,
                    highest=highest,
                    rank=rank,
                    partition_keys=tuple(key.name for key in each.partition_keys),
                    quality_rules=len(each.quality),
                ),
                product,
            )


def _columns(mesh: Mesh) -> Iterator[Described]:
    key = mesh.settings.sensitivity_key
    ranks = {value: rank for rank, value in enumerate(levels(mesh), 1)}
    for product in mesh.products.values():
        for table in product.tables:
            for each in table.columns:
                labels = effective_tags(mesh, product, table, each)
                sensitivity = labels.get(key, "")
                yield (
                    objects.Column(
                        name=each.name,
                        type=each.type,
                        description=each.description or "",
                        table=table.name,
                        product=product.name,
                        domain=product.domain,
                        owner=product.owner,
                        labels=labels,
                        sensitivity=sensitivity,
                        rank=ranks.get(sensitivity, 0),
                    ),
                    product,
                )


def _consumers(mesh: Mesh) -> Iterator[Described]:
    for each in mesh.consumers.values():
        account = mesh.reader_account(each)
        yield (
            objects.Consumer(
                name=each.name,
                owner=each.owner,
                owner_is_team=each.owner in mesh.teams,
                account=account.name if account else "",
                account_id=account.id if account else "",
                organization=each.organization or "",
                principals=tuple(principal.name for principal in each.principals),
                subscriptions=len(mesh.subscriptions_of(each)),
            ),
            each,
        )


def _subscription(mesh: Mesh, each: Subscription, today: date) -> objects.Subscription:
    consumer, products = mesh.consumer(each), subscribed_products(mesh, each)
    account, named = mesh.reader_account(consumer), mesh.product(each)
    opened = [value for product in products for value in _opened(mesh, each, product)]
    sensitivities, highest, rank = ranked(mesh, opened)
    approval = each.approval
    return objects.Subscription(
        name=each.name,
        consumer=each.consumer,
        consumer_owner=consumer.owner,
        account=account.name if account else "",
        product=named.name if named else "",
        products=tuple(product.name for product in products),
        domain=named.domain if named else "",
        domains=tuple(sorted({product.domain for product in products})),
        principals=each.principals,
        permissions=each.permissions,
        purpose=each.purpose,
        expires=str(each.expires or ""),
        days=(each.expires - today).days if each.expires else -1,
        approved_by=approval.by if approval else "",
        approved_at=str(approval.at) if approval else "",
        ticket=(approval.ticket or "") if approval else "",
        share=each.share,
        by_name=bool(each.tables),
        rows=any(table.rows for table in each.tables),
        columns=len(opened),
        sensitivities=sensitivities,
        highest=highest,
        rank=rank,
    )


def _sensitivities(mesh: Mesh, product: Product, table: Table) -> list[str]:
    """The sensitivity of each declared column; empty for one that has none."""
    key = mesh.settings.sensitivity_key
    return [effective_tags(mesh, product, table, column).get(key, "") for column in table.columns]


def _opened(mesh: Mesh, subscription: Subscription, product: Product) -> Iterator[str]:
    """The sensitivity of each column of a product that a subscription opens."""
    for table in product.tables:
        opened = frozenset(readable_columns(mesh, subscription, product, table))
        if opened:
            values = _sensitivities(mesh, product, table)
            names = (column.name for column in table.columns)
            yield from (value for name, value in zip(names, values, strict=True) if name in opened)


_DESCRIBERS: Mapping[str, Callable[[Mesh], Iterator[Described]]] = {
    "account": _accounts,
    "team": _teams,
    "tag": _tags,
    "domain": _domains,
    "product": _products,
    "table": _tables,
    "column": _columns,
    "consumer": _consumers,
}
