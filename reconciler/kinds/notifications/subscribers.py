"""Who is told of a product: its owners, and the subscribers that want to know.

A subscriber hears of the declared tables of which he may read a column, and of no other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.kinds.common.marks import MARK, mark_text
from reconciler.kinds.glue.crawls import crawls_of
from reconciler.kinds.notifications.told import CRAWL, SUCCEEDED, about_crawl, about_table, is_about
from reconciler.model.origin import Origin
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.notify import Notify
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.documents.table import Table
from reconciler.spec.limits import FILTER_VALUES
from reconciler.spec.managed import is_managed, managed_products
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import opened_tables, subscribed_products

CATALOG_NEWS = ("Glue Data Catalog Database State Change", "Glue Data Catalog Table State Change")
CRAWL_NEWS = "Glue Crawler State Change"
QUALITY_NEWS = "Data Quality Evaluation Results Available"
SUBSCRIPTION_NEWS = "Subscription Changed"

_MARKED = re.compile(rf',"{MARK}=([^"]+)"')
_DATA = ("BatchCreatePartition", "BatchDeletePartition", "CreatePartition", "DeletePartition")
_SCHEMA = ("BatchDeleteTable", "CreateTable", "DeleteTable", "UpdateTable")
_CHANGES: Mapping[tuple[bool, bool], list[object]] = {
    (True, True): [],
    (True, False): [{"suffix": "Partition"}, CRAWL],
    (False, True): [{"suffix": "Table"}],
}
"""Which changes are told who wants to hear of data, of schemas, or (empty: any) of both."""


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


def tables_heard(mesh: Mesh, product: Product, subscriptions: Iterable[Subscription]) -> tuple[Table, ...]:
    """The declared tables of a product of which one of these subscriptions opens a column, in the order written."""
    opened = frozenset(name for each in subscriptions for name in opened_tables(mesh, each, product))
    return tuple(table for table in product.tables if table.name in opened)


def _told(mesh: Mesh, product: Product) -> Iterable[Listener]:
    found: dict[tuple[str, str], Listener] = {}
    told = mesh.notifications(product)
    place = product.at("notifications", "owners") if product.notifications else mesh.settings.at("notifications")
    for email in map(mesh.email, told.owners):
        found["email", email] = Listener("email", email, _owners_filter(mark_text(mesh)), place, mesh.central.id)
    for (protocol, endpoint), wanting in _wanted(mesh, product).items():
        data = told.data_changes and any(notify.data_changes for _, notify in wanting)
        schema = told.schema_changes and any(notify.schema_changes for _, notify in wanting)
        about = _about(mesh, product, [each for each, _ in wanting], crawls=data)
        if not about or not (data or schema):
            continue
        first = wanting[0][0]
        origin = first.at("notify") if first.notify else mesh.consumer(first).at("notify")
        readers = _readers_filter(mark_text(mesh), about, data=data, schema=schema)
        account = _subscribing(mesh, protocol, endpoint)
        found.setdefault((protocol, endpoint), Listener(protocol, endpoint, readers, origin, account))
    return found.values()


def _wanted(mesh: Mesh, product: Product) -> Mapping[tuple[str, str], list[tuple[Subscription, Notify]]]:
    """The addresses to which subscriptions want news of a product to go, each with those that name it."""
    found: dict[tuple[str, str], list[tuple[Subscription, Notify]]] = {}
    for subscription in subscriptions_to(mesh, product):
        notify = subscription.notify or mesh.consumer(subscription).notify
        if notify is not None:
            wanted = [("email", mesh.email(each)) for each in notify.emails]
            for address in [*wanted, *([("sqs", notify.queue)] if notify.queue else [])]:
                found.setdefault(address, []).append((subscription, notify))
    return found


def _about(mesh: Mesh, product: Product, subscriptions: list[Subscription], *, crawls: bool) -> list[str]:
    """What of a product is told by these subscriptions: tables, and crawls that succeeded."""
    heard = tables_heard(mesh, product, subscriptions)
    tables = [about_table(mesh, product, table) for table in heard]
    names = {"", *(table.name for table in heard)}
    told = crawls_of(mesh, product) if crawls and heard else ()
    return [*tables, *(about_crawl(each.name, SUCCEEDED) for each in told if each.table in names)]


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
    if policy != _owners_filter(mark) and policy not in _former_filters(mark) and not _is_readers(policy, mark):
        return None
    return found[1] if found else ""


def told_by(policy: str) -> tuple[bool, bool]:
    """Whether a filter that Meshform writes lets news of data through, and of schemas."""
    changes = json.loads(policy).get("change")
    if changes is None and '"typeOfChange"' not in policy:
        return True, True
    text = policy if changes is None else _text(changes)
    return "Partition" in text, "Table" in text


def without_mark(policy: str) -> str:
    """The filter as it was written before filters said whose they are."""
    return _MARKED.sub("", policy)


def _owners_filter(mark: str) -> str:
    """Everything: changes of the catalog, crawls, quality runs and subscriptions.

    A subscription carries no tag. Its mark is one more value in the filter, which no notice ever has.
    """
    return _text({"detail-type": [*CATALOG_NEWS, CRAWL_NEWS, QUALITY_NEWS, SUBSCRIPTION_NEWS, *_given(mark)]})


def _readers_filter(mark: str, about: Iterable[str], *, data: bool, schema: bool) -> str:
    """What is about one of these: new data (partitions, crawls that succeeded), changed schemas, or both.

    SNS takes so many values, multiplied over the keys. Of more tables than have room, the last ones are not told.
    https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
    """
    changes = _CHANGES[data, schema]
    room = FILTER_VALUES // max(1, len(changes)) - len(_given(mark))
    narrowed = {"change": changes} if changes else {}
    return _text({"about": [*list(about)[:room], *_given(mark)], **narrowed})


def _is_readers(policy: str, mark: str) -> bool:
    """Whether a text is a filter as we write it for readers, about whatever."""
    try:
        said = json.loads(policy)
    except ValueError:
        return False
    about = said.get("about") if isinstance(said, dict) else None
    if not isinstance(about, list) or not all(isinstance(each, str) for each in about):
        return False
    given = [each for each in about if each != mark]
    return all(map(is_about, given)) and policy in {
        _readers_filter(mark, given, data=data, schema=schema) for data, schema in _CHANGES
    }


def _former_filters(mark: str) -> frozenset[str]:
    """The filters for readers as they were written before news said what it is about."""
    found = set[str]()
    for data, schema in _CHANGES:
        changes = [*(_DATA if data else ()), *(_SCHEMA if schema else ()), *_given(mark)]
        absent = {"exists": False}
        every: dict[str, list[object]] = {"typeOfChange": [*changes, absent], "state": ["Succeeded", absent]}
        found.add(_text({"detail": every if data else {"typeOfChange": changes}}))
    return frozenset(found)


def _given(mark: str) -> tuple[str, ...]:
    return (mark,) if mark else ()


def _text(policy: object) -> str:
    return json.dumps(policy, sort_keys=True, separators=(",", ":"))
