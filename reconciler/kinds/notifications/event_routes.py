"""The rules by which news travels: which events, from which bus, to whom.

| event                          | happens on              | goes to                                   |
|--------------------------------|-------------------------|-------------------------------------------|
| the catalog changed            | central, default bus    | the topic, the buses of hearing accounts  |
| a crawl ended                  | producer, default bus   | the central bus, and from it the topic    |
| a quality run ended            | producer, default bus   | the central bus, and from it the topic    |
| a subscription changed         | central, the mesh's bus | the topic, the buses of hearing accounts  |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

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
)
from reconciler.model.address import Placement
from reconciler.model.resource import Origin
from reconciler.spec import placements
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.product import Product
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """Where a rule sends: an id, an ARN, and the role that it takes for it (empty: none)."""

    id: str
    arn: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """A rule: on which bus of which account, for which events, to whom."""

    placement: Placement
    bus: str
    name: str
    pattern: Mapping[str, Any]
    targets: tuple[Target, ...]
    origin: Origin


def crawler_name(mesh: Mesh, product: Product) -> str:
    """Name of the crawler of a product, in its producer's account."""
    return f"meshform-{mesh.name}-{product.name}"


@memo
def routes(mesh: Mesh) -> tuple[Route, ...]:
    """Every rule that the mesh needs; none without somebody who hears."""
    of_products = (route for product in mesh.products.values() for route in _of_product(mesh, product))
    others = (account for account in mesh.accounts.values() if account.name != mesh.settings.central)
    return (*of_products, *(route for account in others for route in _of_producer(mesh, account)))


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
    own, bus = placements.of_catalog(mesh), bus_name(mesh)
    topic = [Target("topic", topic_arn(mesh, product))] if listeners(mesh, product) else []
    buses = [
        Target(f"bus-{account.id}", bus_arn(mesh, account.id, bus), carrier_arn(mesh, mesh.central))
        for account in hearing_accounts(mesh, product)
    ]
    everywhere = tuple(sorted([*topic, *buses]))
    origin = product.at("notifications")
    told = mesh.notifications(product)
    if everywhere and (told.data_changes or told.schema_changes):
        pattern = {
            "source": ["aws.glue"],
            "detail-type": list(CATALOG_NEWS),
            "detail": {"databaseName": [product.database]},
        }
        yield Route(own, DEFAULT_BUS, rule_name(mesh, product.name, "catalog"), pattern, everywhere, origin)
    if everywhere:
        pattern = {
            "source": [SOURCE],
            "detail-type": [SUBSCRIPTION_NEWS],
            "detail": {"product": [product.name]},
        }
        yield Route(own, bus, rule_name(mesh, product.name, "subscriptions"), pattern, everywhere, origin)
    if not topic:
        return
    at_home = mesh.producer(mesh.domain(product)) == mesh.central
    place = DEFAULT_BUS if at_home else bus
    if product.crawler:
        pattern = _crawls([crawler_name(mesh, product)])
        yield Route(own, place, rule_name(mesh, product.name, "crawls"), pattern, tuple(topic), origin)
    if any(table.quality for table in product.tables):
        pattern = _quality([product.database])
        yield Route(own, place, rule_name(mesh, product.name, "quality"), pattern, tuple(topic), origin)


def _of_producer(mesh: Mesh, account: Account) -> Iterable[Route]:
    """What happens in a producer's account goes to the central bus, where the topics' rules are."""
    placement = placements.of_account(mesh, account)
    products = [each for domain in mesh.domains_in(account) for each in mesh.products_of(domain)]
    heard = [product for product in products if listeners(mesh, product)]
    target = Target("central", bus_arn(mesh, mesh.central.id, bus_name(mesh)), carrier_arn(mesh, account))
    crawled = [crawler_name(mesh, product) for product in heard if product.crawler]
    if crawled:
        name = rule_name(mesh, account.name, "crawls")
        yield Route(placement, DEFAULT_BUS, name, _crawls(sorted(crawled)), (target,), account.origin)
    checked = [product.database for product in heard if any(table.quality for table in product.tables)]
    if checked:
        name = rule_name(mesh, account.name, "quality")
        yield Route(placement, DEFAULT_BUS, name, _quality(sorted(checked)), (target,), account.origin)


def _crawls(names: list[str]) -> dict[str, Any]:
    return {
        "source": ["aws.glue"],
        "detail-type": [CRAWL_NEWS],
        "detail": {"crawlerName": names, "state": ["Failed", "Succeeded"]},
    }


def _quality(databases: list[str]) -> dict[str, Any]:
    """https://docs.aws.amazon.com/glue/latest/dg/data-quality-alerts.html"""
    return {
        "source": ["aws.glue-dataquality"],
        "detail-type": [QUALITY_NEWS],
        "detail": {"context": {"databaseName": databases}},
    }
