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
from reconciler.spec.documents.table import Column, Table
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.retiring import Thing
from reconciler.spec.tags import effective_tags, product_tags, readable_columns, subscribed_products, table_tags

Described = tuple[Any, Document]
"""An object, and the document in which it stands."""


def described(mesh: Mesh, word: str, today: date) -> Iterator[Described]:
    """Every object of a kind that the documents of a mesh have, sorted by document."""
    if word == "subscription":
        yield from ((_subscription(mesh, each, today), mesh.written[each.name]) for each in mesh.subscriptions.values())
        return
    yield from _DESCRIBERS[word](mesh)


Ranked = tuple[objects.Texts, str, int]
"""Sensitivities in their order, the highest of them, and its rank (from 1; 0 for none)."""


class Ranking:
    """The order of the sensitivity key of a mesh."""

    def __init__(self, mesh: Mesh) -> None:
        self._order = levels(mesh)
        self._known: dict[frozenset[str], Ranked] = {}

    def of(self, values: Iterable[str]) -> Ranked:
        """What such values come to; those without one are left out."""
        every = frozenset(values)
        known = self._known.get(every)
        if known is None:
            order = self._order
            found = sorted(every - {""}, key=lambda value: (order.index(value) if value in order else -1, value))
            highest = found[-1] if found else ""
            known = self._known[every] = tuple(found), highest, order.index(highest) + 1 if highest in order else 0
        return known


def ranked(mesh: Mesh, values: Iterable[str]) -> Ranked:
    """What values come to by the order of a mesh."""
    return _ranking(mesh).of(values)


@memo
def _ranking(mesh: Mesh) -> Ranking:
    return Ranking(mesh)


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
        yield objects.Team(each.name, each.github or "", each.email or "", len(each.members), each.gitlab or ""), each


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
                **_retirement(each),
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
                    **_retirement(product, each),
                ),
                product,
            )


def _columns(mesh: Mesh) -> Iterator[Described]:
    key = mesh.settings.sensitivity_key
    ranks = {value: rank for rank, value in enumerate(levels(mesh), 1)}
    for product in mesh.products.values():
        for table in product.tables:
            for each, labels in _labelled(mesh, product, table):
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
                        **_retirement(product, table, each),
                    ),
                    product,
                )


def _retirement(product: Product, table: Table | None = None, column: Column | None = None) -> dict[str, str]:
    """Until when a thing is there, which ends with what it is in, as the owner announces it."""
    first = Thing(product, table, column).first
    if first is None:
        return {}
    return {"retires": str(first.until), "instead": first.instead or "", "retires_reason": first.reason or ""}


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


def _labelled(mesh: Mesh, product: Product, table: Table) -> Iterator[tuple[Column, objects.Labels]]:
    """Each declared column with its effective LF-tags, which those with the same tags of their own share."""
    known: dict[tuple[tuple[str, str], ...], objects.Labels] = {}
    for column in table.columns:
        own = tuple(column.tags.items())
        if own not in known:
            known[own] = effective_tags(mesh, product, table, column)
        yield column, known[own]


def _sensitivities(mesh: Mesh, product: Product, table: Table) -> list[str]:
    """The sensitivity of each declared column; empty for one that has none."""
    known, where = _classified(mesh), (product.name, table.name)
    if where not in known:
        key = mesh.settings.sensitivity_key
        known[where] = [labels.get(key, "") for _, labels in _labelled(mesh, product, table)]
    return known[where]


@memo
def _classified(mesh: Mesh) -> dict[tuple[str, str], list[str]]:
    """Sensitivities by product and table, filled as they are asked for."""
    del mesh
    return {}


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
