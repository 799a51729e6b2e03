"""The rules by which news travels: which events, from which bus, to whom.

| event                          | happens on              | goes to                                     | rules      |
|--------------------------------|-------------------------|---------------------------------------------|------------|
| the catalog changed            | central, default bus    | the product's topic                         | a product  |
|                                |                         | the bus of its producer's account           | an account |
| the schema of a table changed  | central, default bus    | the bus of an account that reads of it      | an account |
| a subscription changed         | central, the mesh's bus | the product's topic                         | a product  |
|                                |                         | the bus of an account that hears            | an account |
| a crawl of a table ended       | central, default bus    | the product's topic                         | a product  |
| another crawl, a quality run   | producer, default bus   | the central bus                             | an account |
|                                | central, the mesh's bus | the product's topic                         | a product  |

EventBridge's quotas shape it: 5 targets a rule, 300 rules a bus, patterns of 2,048 characters. A rule has one target,
and a pattern that names many things is cut into several rules. What came from one bus is passed on to no third.
A bus of another account gets events as they are (told.py), so that of tables that somebody only reads it gets none
that can carry values of partitions, or names of several tables.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from reconciler.kinds.glue.crawls import crawl_placement, crawls_of, crawls_prefix
from reconciler.kinds.notifications.notification_names import (
    DEFAULT_BUS,
    SOURCE,
    bus_arn,
    bus_name,
    carrier_arn,
    rule_name,
    topic_arn,
)
from reconciler.kinds.notifications.subscribers import (
    CATALOG_NEWS,
    CRAWL_NEWS,
    QUALITY_NEWS,
    SUBSCRIPTION_NEWS,
    hearing_accounts,
    listeners,
    subscriptions_to,
    tables_heard,
)
from reconciler.kinds.notifications.told import TOLD_OF_CATALOG, TOLD_OF_CRAWLS, about_table
from reconciler.model.address import Placement
from reconciler.model.origin import Origin
from reconciler.spec import placements
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.product import Product
from reconciler.spec.managed import managed_products
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import link_name

LONGEST_PATTERN = 2_048
"""Characters of a pattern, as it is written."""


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """Where a rule sends: an id, an ARN, the role that it takes for it, and what it tells of an event (JSON).

    Empty: without a role; the event as it is.
    """

    id: str
    arn: str
    role: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """A rule: on which bus of which account, for which events, to whom."""

    placement: Placement
    bus: str
    name: str
    pattern: Mapping[str, Any]
    targets: tuple[Target, ...]
    origin: Origin


@memo
def routes(mesh: Mesh) -> tuple[Route, ...]:
    """Every rule that the mesh needs; none without somebody who hears."""
    of_products = (route for product in managed_products(mesh) for route in _of_product(mesh, product))
    others = (account for account in mesh.accounts.values() if account.name != mesh.settings.central)
    return (*of_products, *_of_hearing(mesh), *(route for account in others for route in _of_producer(mesh, account)))


def carrying_accounts(mesh: Mesh) -> Iterable[tuple[Account, tuple[str, ...]]]:
    """The accounts whose rules send to other accounts' buses, with the ARNs of these buses, sorted."""
    found: dict[str, set[str]] = {}
    for route in routes(mesh):
        for target in route.targets:
            if target.role:
                found.setdefault(route.placement.account, set()).add(target.arn)
    for account_id, arns in found.items():
        account = mesh.account_by_id(account_id)
        assert account is not None
        yield account, tuple(sorted(arns))


def _of_product(mesh: Mesh, product: Product) -> Iterable[Route]:
    """What reaches the topic of a product."""
    if not listeners(mesh, product):
        return
    own, bus = placements.of_catalog(mesh), bus_name(mesh)
    arn, origin = topic_arn(mesh, product), product.at("notifications")
    told = mesh.notifications(product)
    at_home = mesh.producer(mesh.domain(product)) == mesh.central
    place = DEFAULT_BUS if at_home else bus
    patterns: dict[str, tuple[str, Mapping[str, Any], str]] = {
        "subscriptions": (bus, _subscriptions([product.name]), "")
    }
    for number, pattern in enumerate(_changes_of([product]) if told.data_changes or told.schema_changes else ()):
        patterns["catalog" if number == 0 else f"catalog-{number + 1}"] = (DEFAULT_BUS, pattern, TOLD_OF_CATALOG)
    if product.crawler:
        where = DEFAULT_BUS if crawl_placement(mesh, product) == own else bus
        patterns["crawls"] = (where, _crawls(_crawlers(mesh, product)), TOLD_OF_CRAWLS)
    if any(table.quality for table in product.tables):
        # Runs are started on the link; whether the event tells the link or what it stands for, no page says.
        names = [name for each in product.databases for name in ([each] if at_home else [each, link_name(each)])]
        tables = [each.name for each in product.tables if each.quality] if product.is_part else None
        patterns["quality"] = (place, _quality(names, tables), "")
    for what, (where, pattern, tells) in patterns.items():
        target = Target("topic", arn, told=tells)
        yield Route(own, where, rule_name(mesh, product.name, what), pattern, (target,), origin)


def _of_hearing(mesh: Mesh) -> Iterable[Route]:
    """What reaches the buses of other accounts: for each of them a rule with all that it hears of."""
    heard: dict[str, list[Product]] = {}
    accounts: dict[str, Account] = {}
    for product in managed_products(mesh):
        for account in hearing_accounts(mesh, product):
            accounts[account.id] = account
            heard.setdefault(account.id, []).append(product)
    own, bus = placements.of_catalog(mesh), bus_name(mesh)
    for account_id, products in sorted(heard.items()):
        account = accounts[account_id]
        target = (Target(f"bus-{account.id}", bus_arn(mesh, account.id, bus), carrier_arn(mesh, mesh.central)),)
        produced = [each for each in products if mesh.producer(mesh.domain(each)) == account]
        read = [each for each in products if each not in produced]
        of_catalog = _changes_of([each for each in produced if _tells_changes(mesh, each)])
        of_catalog += _cut(_tables_read(mesh, account, read), _schemas)
        of_mesh = _cut([each.name for each in products], _subscriptions)
        for where, what, patterns in ((DEFAULT_BUS, "catalog", of_catalog), (bus, "subscriptions", of_mesh)):
            for number, pattern in enumerate(patterns):
                name = rule_name(mesh, f"to.{account.name}", what if number == 0 else f"{what}-{number + 1}")
                yield Route(own, where, name, pattern, target, account.origin)


def _of_producer(mesh: Mesh, account: Account) -> Iterable[Route]:
    """What happens in a producer's account goes to the central bus, where the topics' rules are.

    By the beginning of a name or any: a list of names would not fit, and the topics' rules choose.
    """
    placement = placements.of_account(mesh, account)
    products = [each for domain in mesh.domains_in(account) for each in mesh.products_of(domain)]
    heard = [product for product in products if listeners(mesh, product)]
    target = (Target("central", bus_arn(mesh, mesh.central.id, bus_name(mesh)), carrier_arn(mesh, account)),)
    if any(crawl.placement == placement for product in heard for crawl in crawls_of(mesh, product)):
        pattern = _crawls([{"prefix": f"meshform-{mesh.name}-"}])
        yield Route(placement, DEFAULT_BUS, rule_name(mesh, account.name, "crawls"), pattern, target, account.origin)
    if any(table.quality for product in heard for table in product.tables):
        name = rule_name(mesh, account.name, "quality")
        yield Route(placement, DEFAULT_BUS, name, _quality(None), target, account.origin)


def _tells_changes(mesh: Mesh, product: Product) -> bool:
    told = mesh.notifications(product)
    return told.data_changes or told.schema_changes


def _tables_read(mesh: Mesh, account: Account, products: Iterable[Product]) -> Iterable[str]:
    """The ARNs of the tables of products of which an account reads a column, if changes of schemas are told."""
    for product in products:
        if mesh.notifications(product).schema_changes:
            reading = [
                each for each in subscriptions_to(mesh, product) if mesh.reader_account(mesh.consumer(each)) == account
            ]
            yield from (about_table(mesh, product, table) for table in tables_heard(mesh, product, reading))


def _schemas(tables: list[str]) -> dict[str, Any]:
    """What tells of the schemas of tables, by ARN: each such event is about one table, and has no partitions."""
    changes = {"typeOfChange": ["CreateTable", "DeleteTable", "UpdateTable"]}
    return {"source": ["aws.glue"], "detail-type": list(CATALOG_NEWS), "resources": tables, "detail": changes}


def _cut(names: Iterable[str], pattern: Callable[[list[str]], Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """As few patterns as have room for all names."""
    left, patterns = sorted(set(names)), []
    while left:
        most = min(len(left), LONGEST_PATTERN)
        # A pattern grows with each name, so that of many names few have to be written to find how many have room.
        count = 1 + bisect_right(range(2, most + 1), LONGEST_PATTERN, key=lambda few: len(_text(pattern(left[:few]))))
        patterns.append(pattern(left[:count]))
        left = left[count:]
    return patterns


def _changes_of(products: Sequence[Product]) -> list[Mapping[str, Any]]:
    """What tells that tables of products changed: of a database that others share, only the products' own tables."""
    patterns = _cut((name for each in products if not each.is_part for name in each.databases), _changes)
    for product in products:
        for database in product.databases if product.is_part else ():
            tables = (table.name for table in product.tables_in(database))
            patterns += _cut(tables, partial(_changes_within, database))
    return patterns


def _changes_within(database: str, tables: list[str]) -> dict[str, Any]:
    """Either kind of news names its tables in its own way."""
    named = [{"changedTables": tables}, {"tableName": tables}]
    return {**_changes([database]), "detail": {"databaseName": [database], "$or": named}}


def _changes(databases: list[str]) -> dict[str, Any]:
    return {"source": ["aws.glue"], "detail-type": list(CATALOG_NEWS), "detail": {"databaseName": databases}}


def _subscriptions(products: list[str]) -> dict[str, Any]:
    return {"source": [SOURCE], "detail-type": [SUBSCRIPTION_NEWS], "detail": {"product": products}}


def _crawlers(mesh: Mesh, product: Product) -> list[str | dict[str, str]]:
    """The names of a product's crawlers: of those of its tables the beginning, since there may be many."""
    crawls = crawls_of(mesh, product)
    return [{"prefix": crawls_prefix(mesh, product)}] if crawls[0].table else [crawls[0].name]


def _crawls(names: Sequence[str | Mapping[str, str]]) -> dict[str, Any]:
    return {
        "source": ["aws.glue"],
        "detail-type": [CRAWL_NEWS],
        "detail": {"crawlerName": list(names), "state": ["Failed", "Succeeded"]},
    }


def _quality(databases: list[str] | None, tables: list[str] | None = None) -> dict[str, Any]:
    """https://docs.aws.amazon.com/glue/latest/dg/data-quality-alerts.html"""
    within = {"tableName": tables} if tables is not None else {}
    of = {"detail": {"context": {"databaseName": databases, **within}}} if databases is not None else {}
    return {"source": ["aws.glue-dataquality"], "detail-type": [QUALITY_NEWS], **of}


def _text(pattern: Mapping[str, Any]) -> str:
    return json.dumps(pattern, sort_keys=True, separators=(",", ":"))
