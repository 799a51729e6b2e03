"""Who is told of a product: its owners, and the subscribers that want to know."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.model.resource import Origin
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.managed import is_managed, managed_products
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import subscribed_products

CATALOG_NEWS = ("Glue Data Catalog Database State Change", "Glue Data Catalog Table State Change")
CRAWL_NEWS = "Glue Crawler State Change"
QUALITY_NEWS = "Data Quality Evaluation Results Available"
SUBSCRIPTION_NEWS = "Subscription Changed"

_DATA = ("BatchCreatePartition", "BatchDeletePartition", "CreatePartition", "DeletePartition")
_SCHEMA = ("BatchDeleteTable", "CreateTable", "DeleteTable", "UpdateTable")


@dataclass(frozen=True, slots=True)
class Listener:
    """An address that is told: `protocol` email or sqs, `endpoint` the address, `filter` which notices (JSON).

    `account` subscribes it: a queue's own account where it is of the mesh, since nobody has to confirm then.
    https://docs.aws.amazon.com/sns/latest/dg/sns-send-message-to-sqs-cross-account.html
    """

    protocol: str
    endpoint: str
    filter: str
    origin: Origin
    account: str


def listeners(mesh: Mesh, product: Product) -> tuple[Listener, ...]:
    """Everybody who is told of a product, nobody twice: an owner hears more than a subscriber."""
    return _listeners(mesh)[product.name]


def hearing_accounts(mesh: Mesh, product: Product) -> tuple[Account, ...]:
    """The other accounts whose bus hears of a product: its producer's and its readers', by id."""
    accounts = {mesh.producer(mesh.domain(product)).name}
    for subscription in subscriptions_to(mesh, product):
        account = mesh.reader_account(mesh.consumer(subscription))
        if account is not None:
            accounts.add(account.name)
    others = (mesh.accounts[name] for name in accounts if name != mesh.settings.central)
    return tuple(sorted(others, key=lambda account: account.id))


def subscriptions_to(mesh: Mesh, product: Product) -> tuple[Subscription, ...]:
    """The subscriptions that reach a product, by name."""
    return _subscriptions_to(mesh).get(product.name, ())


@memo
def _subscriptions_to(mesh: Mesh) -> Mapping[str, tuple[Subscription, ...]]:
    found: dict[str, list[Subscription]] = {}
    for subscription in mesh.subscriptions.values():
        for product in subscribed_products(mesh, subscription):
            found.setdefault(product.name, []).append(subscription)
    return {name: tuple(subscriptions) for name, subscriptions in found.items()}


@memo
def _listeners(mesh: Mesh) -> Mapping[str, tuple[Listener, ...]]:
    managed = frozenset(product.name for product in managed_products(mesh))
    return {name: tuple(_told(mesh, product)) if name in managed else () for name, product in mesh.products.items()}


def _told(mesh: Mesh, product: Product) -> Iterable[Listener]:
    found: dict[tuple[str, str], Listener] = {}
    told = mesh.notifications(product)
    place = product.at("notifications", "owners") if product.notifications else mesh.settings.at("notifications")
    for email in map(mesh.email, told.owners):
        found["email", email] = Listener("email", email, _owners_filter(), place, mesh.central.id)
    for subscription in subscriptions_to(mesh, product):
        notify = subscription.notify or mesh.consumer(subscription).notify
        if notify is None:
            continue
        data = told.data_changes and notify.data_changes
        schema = told.schema_changes and notify.schema_changes
        if not data and not schema:
            continue
        wanted = [("email", mesh.email(each)) for each in notify.emails]
        if notify.queue:
            wanted.append(("sqs", notify.queue))
        origin = subscription.at("notify") if subscription.notify else mesh.consumer(subscription).at("notify")
        for protocol, endpoint in wanted:
            readers, account = _readers_filter(data=data, schema=schema), _subscribing(mesh, protocol, endpoint)
            listener = Listener(protocol, endpoint, readers, origin, account)
            found.setdefault((protocol, endpoint), listener)
    return found.values()


def _subscribing(mesh: Mesh, protocol: str, endpoint: str) -> str:
    """The account that subscribes an address."""
    owner = mesh.account_by_id(endpoint.split(":")[4]) if protocol == "sqs" else None
    return owner.id if owner is not None and is_managed(owner) else mesh.central.id


def is_own_filter(policy: str) -> bool:
    """Whether a filter (canonical JSON) is one that Meshform writes: so its own listeners are told from others."""
    readers = {
        _readers_filter(data=data, schema=schema) for data, schema in ((True, True), (True, False), (False, True))
    }
    return policy == _owners_filter() or policy in readers


def _owners_filter() -> str:
    """Everything: changes of the catalog, crawls, quality runs and subscriptions."""
    return _text({"detail-type": [*CATALOG_NEWS, CRAWL_NEWS, QUALITY_NEWS, SUBSCRIPTION_NEWS]})


def _readers_filter(*, data: bool, schema: bool) -> str:
    """New data (partitions, crawls that succeeded), changed schemas, or both.

    https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
    """
    changes = [*(_DATA if data else ()), *(_SCHEMA if schema else ())]
    if not data:
        return _text({"detail": {"typeOfChange": changes}})
    # A crawl has no typeOfChange, a change of the catalog no state; other events have states of other names.
    absent = {"exists": False}
    return _text({"detail": {"typeOfChange": [*changes, absent], "state": ["Succeeded", absent]}})


def _text(policy: object) -> str:
    return json.dumps(policy, sort_keys=True, separators=(",", ":"))
