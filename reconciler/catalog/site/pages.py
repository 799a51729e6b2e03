"""Pages: which there are, which template makes each, and what it is told. Templates decide nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from reconciler.catalog.site.lineage import Node, drawing
from reconciler.catalog.site.offers import ColumnOffer, Labels, Offer, column_offers, labels_of, offers
from reconciler.catalog.site.readers import Reading, readings
from reconciler.policy.describe import described
from reconciler.spec.approval import levels
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.table import Table
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import effective_tags

FIRST = 50
"""So many products are on the first page without JavaScript."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: where it lies in the site, its template, and what the template is told."""

    path: str
    template: str
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choices:
    """How a site is made. public: without who reads what. new_file: where the forge makes a new file, with {path} and
    {text} (empty: the page shows the text to copy). events: rows of `meshform history`, the newest last."""

    today: date
    public: bool = False
    new_file: str = ""
    events: tuple[Mapping[str, Any], ...] = ()


def pages(mesh: Mesh, choices: Choices) -> Iterator[Page]:
    """Every page of the site."""
    by_product = {} if choices.public else readings(mesh)
    every = [each for each, _ in described(mesh, "product", choices.today)]
    yield Page(
        "index.html",
        "index.html",
        {
            "products": every[:FIRST],
            "count": len(every),
            "first": FIRST,
            "domains": [each for each, _ in described(mesh, "domain", choices.today)],
            "tags": tuple(mesh.tags.values()),
        },
    )
    for shown, product in zip(every, mesh.products.values(), strict=True):
        told = _product(mesh, product, by_product.get(product.name, ()), choices)
        yield Page(f"products/{product.name}.html", "product.html", {"product": shown, **told})
    for tag in mesh.tags.values():
        yield Page(f"tags/{tag.name}.html", "tag.html", {"tag": tag, "used": _used(mesh, tag.name)})
    yield Page("policies.html", "policies.html", {"policies": tuple(mesh.policies.values())})
    yield Page("changes.html", "changes.html", {"events": tuple(reversed(choices.events))})
    if not choices.public:
        yield from _consumers(mesh, by_product, choices)


def _product(mesh: Mesh, product: Product, read: Sequence[Reading], choices: Choices) -> dict[str, Any]:
    team, labels = mesh.teams.get(product.owner), labels_of(mesh, product)
    sources = [_source(mesh, each.name, each.product) for each in product.lineage.sources]
    consumers = dict.fromkeys(each.subscription.consumer for each in read)
    readers = [Node(name, f"../consumers/{name}.html") for name in consumers]
    asked = {
        "product": f"{product.domain}/{product.name}",
        "key": mesh.settings.sensitivity_key,
        "levels": levels(mesh),
        "offers": [_as_json(each) for each in offers(mesh, product, labels)],
        "columns": [_as_json(each) for each in column_offers(mesh, product, labels)],
        "newFile": choices.new_file,
    }
    return {
        "document": product,
        "team": team,
        "asked": asked,
        "tables": [(table, tuple(_columns(mesh, table, labels, read))) for table in product.tables],
        "readings": read,
        "drawing": drawing(product.name, sources, readers),
        "public": choices.public,
        "today": choices.today,
    }


def _columns(mesh: Mesh, table: Table, labels: Labels, read: Sequence[Reading]) -> Iterator[tuple[object, ...]]:
    """Each column with its sensitivity, and the subscriptions that open it."""
    key = mesh.settings.sensitivity_key
    opened: dict[str, list[Reading]] = {}
    for each in read:
        for name in each.columns:
            opened.setdefault(name, []).append(each)
    for column in table.columns:
        name = f"{table.name}.{column.name}"
        yield column, labels[name].get(key, ""), opened.get(name, [])


def _as_json(offer: Offer | ColumnOffer) -> dict[str, object]:
    # Flat, so that nothing needs to be copied as deep as dataclasses.asdict does it.
    return {field.name: getattr(offer, field.name) for field in fields(offer)}


def _source(mesh: Mesh, name: str, said: str | None) -> Node:
    product = mesh.products.get((said or "").rpartition("/")[2])
    return Node(name, f"{product.name}.html" if product is not None else "")


def _used(mesh: Mesh, key: str) -> dict[str, list[str]]:
    """By value of a tag: the products that carry it, themselves or on a column."""
    found: dict[str, dict[str, None]] = {}
    for product in mesh.products.values():
        for table in product.tables:
            for column in table.columns:
                value = effective_tags(mesh, product, table, column).get(key)
                if value is not None:
                    found.setdefault(value, {})[product.name] = None
    return {value: list(names) for value, names in found.items()}


def _consumers(mesh: Mesh, by_product: Mapping[str, Sequence[Reading]], choices: Choices) -> Iterator[Page]:
    by_consumer: dict[str, list[Reading]] = {}
    for read in by_product.values():
        for each in read:
            by_consumer.setdefault(each.subscription.consumer, []).append(each)
    for consumer in mesh.consumers.values():
        told = {"consumer": consumer, "readings": by_consumer.get(consumer.name, ()), "today": choices.today}
        yield Page(f"consumers/{consumer.name}.html", "consumer.html", told)
