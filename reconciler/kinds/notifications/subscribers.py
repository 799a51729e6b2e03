"""Who is told of a product: its owners, and the subscribers that want to know."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.kinds.common.marks import MARK, mark_text
from reconciler.model.origin import Origin
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

_MARKED = re.compile(rf',"{MARK}=([^"]+)"')
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
        found["email", email] = Listener("email", email, _owners_filter(mark_text(mesh)), place, mesh.central.id)
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
            readers = _readers_filter(mark_text(mesh), data=data, schema=schema)
            account = _subscribing(mesh, protocol, endpoint)
            listener = Listener(protocol, endpoint, readers, origin, account)
            found.setdefault((protocol, endpoint), listener)
    return found.values()


def _subscribing(mesh: Mesh, protocol: str, endpoint: str) -> str:
    """The account that subscribes an address."""
    owner = mesh.account_by_id(endpoint.split(":")[4]) if protocol == "sqs" else None
    return owner.id if owner is not None and is_managed(owner) else mesh.central.id


def filter_mark(policy: str) -> str | None:
    """The mesh that a filter (canonical JSON) says it is of; empty where Meshform wrote it before filters said so.

    None for a filter that Meshform does not write: so its own listeners are told from others.
    """
    found = _MARKED.search(policy)
    mark = found[0].strip(',"') if found else ""
    readers = {
        _readers_filter(mark, data=data, schema=schema) for data, schema in ((True, True), (True, False), (False, True))
    }
    if policy != _owners_filter(mark) and policy not in readers:
        return None
    return found[1] if found else ""


def without_mark(policy: str) -> str:
    """The filter as it was written before filters said whose they are."""
    return _MARKED.sub("", policy)


def _owners_filter(mark: str) -> str:
    """Everything: changes of the catalog, crawls, quality runs and subscriptions.

    A subscription carries no tag. Its mark is one more value in the filter, which no notice ever has.
    """
    return _text({"detail-type": [*CATALOG_NEWS, CRAWL_NEWS, QUALITY_NEWS, SUBSCRIPTION_NEWS, *_given(mark)]})


def _readers_filter(mark: str, *, data: bool, schema: bool) -> str:
    """New data (partitions, crawls that succeeded), changed schemas, or both.

    https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
    """
    changes = [*(_DATA if data else ()), *(_SCHEMA if schema else ()), *_given(mark)]
    if not data:
        return _text({"detail": {"typeOfChange": changes}})
    # A crawl has no typeOfChange, a change of the catalog no state; other events have states of other names.
    absent = {"exists": False}
    return _text({"detail": {"typeOfChange": [*changes, absent], "state": ["Succeeded", absent]}})


def _given(mark: str) -> tuple[str, ...]:
    return (mark,) if mark else ()


def _text(policy: object) -> str:
    return json.dumps(policy, sort_keys=True, separators=(",", ":"))
