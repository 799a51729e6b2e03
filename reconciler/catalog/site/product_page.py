"""The page of a product: what its template is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reconciler.catalog.requests import Request
from reconciler.catalog.site.choices import Choices, Live
from reconciler.catalog.site.lineage import Node, drawing
from reconciler.catalog.site.offers import Labels, Offer, column_offers, suspended_readers
from reconciler.catalog.site.readers import Reading, by_column, keepers
from reconciler.history.schema_changes import SchemaChange
from reconciler.measures.promises import Promise, ago, moment
from reconciler.report.exposure import Exposure
from reconciler.report.names import Names
from reconciler.spec import placements
from reconciler.spec.approval import levels
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.table import Table
from reconciler.spec.extents import product_at
from reconciler.spec.mesh import Mesh
from reconciler.spec.retiring import Thing


@dataclass(frozen=True, slots=True)
class About:
    """What is known of products besides their documents, by product; made once for all pages."""

    promises: Mapping[str, list[Promise]]
    exposed: Mapping[str, list[tuple[str, str]]]
    exposed_columns: Mapping[tuple[str, str], Mapping[str, list[tuple[str, str]]]]
    """By product and table, and by column."""
    schema: Mapping[str, list[tuple[SchemaChange, tuple[str, ...]]]]
    requests: Mapping[str, list[Request]]
    feeds: Mapping[str, list[str]]
    """The products that are made of it."""


def about_products(mesh: Mesh, choices: Choices) -> About:
    """All of it. Of who is exposed and who asks the public hears nothing."""
    live, past, known = choices.live, choices.past, choices.requests
    promises: dict[str, list[Promise]] = {}
    exposed: dict[str, list[tuple[str, str]]] = {}
    columns: dict[tuple[str, str], dict[str, list[tuple[str, str]]]] = {}
    schema: dict[str, list[tuple[SchemaChange, tuple[str, ...]]]] = {}
    asked: dict[str, list[Request]] = {}
    for promise in live.promises if live is not None else ():
        promises.setdefault(promise.product, []).append(_for_all(promise) if choices.public else promise)
    for change in reversed(past.schema) if past is not None else ():
        schema.setdefault(change[0].product, []).append(change)
    if not choices.public:
        names = Names.of(mesh)
        for exposure in exposures_of(live) if live is not None else ():
            said = (exposure.sentence, exposure.blame(names))
            of_columns = _exposed(mesh, exposure)
            for name in dict.fromkeys(product for product, _ in of_columns):
                exposed.setdefault(name, []).append(said)
            for place in of_columns:
                for name in of_columns[place]:
                    columns.setdefault(place, {}).setdefault(name, []).append(said)
        for request in known.rows if known is not None else ():
            for name in request.products if request.is_open or request.state == "refused" else ():
                asked.setdefault(name, []).append(request)
    return About(promises, exposed, columns, schema, asked, _feeds(mesh))


def product_page(
    mesh: Mesh,
    product: Product,
    labels: Labels,
    offered: Sequence[Offer],
    read: Sequence[Reading],
    choices: Choices,
    about: About,
) -> dict[str, Any]:
    """Everything but the product as policies see it."""
    sources = [_source(mesh, each.name, each.product) for each in product.lineage.sources]
    made = [Node(name, f"{name}.html", "product") for name in about.feeds.get(product.name, ())]
    consumers = dict.fromkeys(each.subscription.consumer for each in read)
    readers = [Node(name, f"../consumers/{name}.html", "consumer") for name in consumers]
    found = tuple(column_offers(mesh, product, labels))
    asked = {
        "product": f"{product.domain}/{product.name}",
        "key": mesh.settings.sensitivity_key,
        "levels": levels(mesh),
        "offers": [(each.up_to, each.approvers) for each in offered],
        "columns": [(each.table, each.column, each.sensitivity) for each in found],
        "approvers": {each.sensitivity: each.approvers for each in found},
        "held": [each.name for each in found if not each.is_given],
        "suspended": [] if choices.public else suspended_readers(mesh),
        "account": "" if choices.public else placements.of_database(mesh, product).account,
        "newFile": choices.new_file,
    }
    name = product.name
    return {
        "document": product,
        "going": going(Thing(product)),
        "team": mesh.teams.get(product.owner),
        "asked": asked,
        "tables": [
            (
                table,
                tuple(_columns(mesh, product, table, labels, read)),
                _measured(product, table, choices),
                going(Thing(product, table)),
            )
            for table in product.tables
        ],
        "readings": read,
        "keepers": () if choices.public else tuple(keepers(mesh, product)),
        "drawing": drawing(product.name, sources, made, readers),
        "promises": about.promises.get(name, []),
        "exposed": about.exposed.get(name, []),
        "schema": about.schema.get(name, []),
        "requests": about.requests.get(name, []),
    }


def _columns(
    mesh: Mesh, product: Product, table: Table, labels: Labels, read: Sequence[Reading]
) -> Iterator[tuple[object, ...]]:
    """Each column with its sensitivity, the subscriptions that open it, and whether it goes."""
    key = mesh.settings.sensitivity_key
    opened = by_column(read, table)
    for column in table.columns:
        label = labels[f"{table.name}.{column.name}"].get(key, "")
        yield column, label, opened.get(column.name, ()), going(Thing(product, table, column))


def going(thing: Thing) -> str:
    """Until when a thing is there and what is there instead, in a sentence; empty for what stays."""
    if thing.retires is None:
        return ""
    reason = f" ({thing.retires.reason})" if thing.retires.reason else ""
    return f"It {thing.said()}{reason}"


def _measured(product: Product, table: Table, choices: Choices) -> str:
    """How new the data of a table are, in a sentence; empty where nothing was measured at all."""
    live = choices.live
    if live is None:
        return ""
    found = live.measures.get((product.database_of(table), table.name))
    if found is None:
        return "How new its data are was not measured."
    if found.newest is None:
        why = f": {found.unseen[0]}" if found.unseen and not choices.public else ""
        return "It has no data." if found.whole else f"How new its data are was not seen{why}."
    when = f"{moment(found.newest):%Y-%m-%d %H:%M} UTC, {ago(found.newest, live.taken)}"
    return f"The newest data came {when}." if found.whole else f"Data came {when}; newer ones may be there, not seen."


def _for_all(promise: Promise) -> Promise:
    """Without why something was not seen: AWS names accounts and roles there."""
    return replace(promise, seen="it was not seen") if promise.state == "not seen" else promise


def exposures_of(live: Live) -> list[Exposure]:
    """Who can read what he should not, and who cannot what he should, in AWS."""
    found = live.drift.exposures
    return [*found.reads, *found.misses]


def _exposed(mesh: Mesh, exposure: Exposure) -> dict[tuple[str, str], dict[str, None]]:
    """The columns that it is about, by product and table."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for entry in exposure.entries:
        product = product_at(mesh, entry.place.database, entry.place.table)
        if product is not None:
            found.setdefault((product.name, entry.place.table), {}).update(dict.fromkeys(entry.columns))
    return found


def _source(mesh: Mesh, name: str, said: str | None) -> Node:
    product = mesh.products.get((said or "").rpartition("/")[2])
    return Node(name, f"{product.name}.html", "product") if product is not None else Node(name)


def _feeds(mesh: Mesh) -> dict[str, list[str]]:
    """By product: those that name it as a source."""
    found: dict[str, list[str]] = {}
    for product in mesh.products.values():
        for source in dict.fromkeys((each.product or "").rpartition("/")[2] for each in product.lineage.sources):
            if source:
                found.setdefault(source, []).append(product.name)
    return found
