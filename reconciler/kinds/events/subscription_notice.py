"""Notices that Meshform itself gives: a subscription came, changed or went."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import Owner
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.kind import Kind
from reconciler.kinds.notifications.notification_names import SOURCE, bus_name
from reconciler.kinds.notifications.subscribers import SUBSCRIPTION_NEWS, subscriptions_to
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.lakeformation import Grant, OnColumns, OnFilter, OnTable, OnTagPolicy
from reconciler.model.reader import Reader
from reconciler.model.resource import AnyResource, Resource, Snapshot
from reconciler.spec import placements
from reconciler.spec.documents.product import Product
from reconciler.spec.extents import product_at
from reconciler.spec.managed import is_managed
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told of a product's subscriptions. It waits for the grants that it tells of."""

    product: str
    subscriptions: tuple[str, ...]
    tells: tuple[Address, ...]


class NoticeKind(Kind[Notice]):
    """An event is not something that is there: nothing is wanted or found, a notice follows from other changes.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
    """

    name = addresses.NOTICE
    summary = "Notices of new, changed and ended subscriptions, on the mesh's bus."
    takes_only_access = True
    lasting = False
    parts = frozenset({"central"})
    writes = ("events:PutEvents",)

    def desired(self, mesh: Mesh) -> Iterable[Resource[Notice]]:
        return ()

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Notice]]:
        return ()

    def derived_changes(self, changes: Sequence[Change], mesh: Mesh, found: Snapshot) -> Iterable[Change]:
        """One notice for each product whose readers change."""
        tells: dict[str, list[Address]] = {}
        for change in changes:
            for product in _read_by(change, mesh):
                tells.setdefault(product.name, []).append(change.address)
        for name, told in sorted(tells.items()):
            subscriptions = tuple(each.name for each in subscriptions_to(mesh, mesh.products[name]))
            spec = Notice(name, subscriptions, tuple(sorted(told)))
            where = addresses.notice(placements.of_catalog(mesh), bus_name(mesh), name)
            yield Create(Resource(where, spec, mesh.products[name].origin))

    def owner(self, have: Resource[Notice], ownership: Ownership) -> Owner:
        raise AssertionError(f"a notice is not found: {have.address}")

    def needs(self, resource: Resource[Notice]) -> Iterable[Address]:
        yield addresses.event_bus(resource.address.placement, resource.address.name.partition("/")[0])

    def order(self, changes: Sequence[Change], mesh: Mesh) -> Iterable[tuple[Address, Address]]:
        """What was given is told once it is there, and what was taken away once it is gone."""
        for change in changes:
            if isinstance(change, Create):
                yield from ((told, change.address) for told in change.want.spec.tells)

    def create(self, want: Resource[Notice]) -> tuple[Call, ...]:
        bus, _, _ = want.address.name.partition("/")
        detail: Mapping[str, Any] = {
            "product": want.spec.product,
            "subscriptions": list(want.spec.subscriptions),
            "state": "Changed",
        }
        entry = {
            "Source": SOURCE,
            "DetailType": SUBSCRIPTION_NEWS,
            "Detail": json.dumps(detail, sort_keys=True),
            "EventBusName": bus,
        }
        return (Call(want.address.placement, "events", "PutEvents", {"Entries": [entry]}),)

    def sent_in(self, run: str, calls: tuple[Call, ...]) -> tuple[Call, ...]:
        return tuple(_known_by(run, call) for call in calls)

    def update(self, have: Resource[Notice], want: Resource[Notice]) -> tuple[Call, ...]:
        raise AssertionError(f"a notice is given once: {want.address}")

    def delete(self, have: Resource[Notice]) -> tuple[Call, ...]:
        raise AssertionError(f"a notice cannot be taken back: {have.address}")


def notice_again(mesh: Mesh, product: str, known_by: str) -> Call | None:
    """The notice of a product's subscriptions as they are now, with the id of the one that it stands for.

    None where the mesh has no such product any more: then nobody hears of it.
    """
    if not _is_managed(mesh, product):
        return None
    subscriptions = tuple(each.name for each in subscriptions_to(mesh, mesh.products[product]))
    where = addresses.notice(placements.of_catalog(mesh), bus_name(mesh), product)
    (call,) = NoticeKind().create(Resource(where, Notice(product, subscriptions, ())))
    return _with_id(call, known_by)


def _known_by(run: str, call: Call) -> Call:
    """A notice with the id by which a receiver knows that it came twice: its product in its run."""
    product = json.loads(call.params["Entries"][0]["Detail"])["product"]
    return _with_id(call, notice_id(run, product))


def notice_id(run: str, product: str) -> str:
    """By what a receiver knows that the same notice came twice: EventBridge delivers at least once, and so do we.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-what-is-how-it-works-concepts.html
    """
    return f"{run}/{product}"


def _with_id(call: Call, known_by: str) -> Call:
    (entry,) = call.params["Entries"]
    detail = {**json.loads(entry["Detail"]), "id": known_by}
    return replace(call, params={"Entries": [{**entry, "Detail": json.dumps(detail, sort_keys=True)}]})


def _read_by(change: Change, mesh: Mesh) -> Iterable[Product]:
    """The products whose readers a change of the central account's grants concerns."""
    if change.address.kind != addresses.GRANT or change.address.placement != placements.of_catalog(mesh):
        return ()
    resource: AnyResource
    match change:
        case Create(want) | Update(_, want):
            resource = want
        case Delete(have) if isinstance(have.spec.target, OnTagPolicy | OnFilter):
            resource = have
        case Delete():
            # What a subscription gives has one of these shapes; taking away a hand-made grant is no news.
            return ()
    spec: Grant = resource.spec
    if spec.permission != "SELECT":
        return ()
    return (
        product
        for product in _concerned(spec, mesh)
        if not (spec.principal in _producers(mesh) and not _subscribes(spec, product, mesh))
    )


def _concerned(spec: Grant, mesh: Mesh) -> Iterable[Product]:
    """The products that a grant on tables names, by their tag or by their database."""
    match spec.target:
        case OnTagPolicy(terms=terms):
            names = dict(terms).get(mesh.settings.tag_keys.product, ())
            return (mesh.products[name] for name in names if _is_managed(mesh, name))
        case OnTable() | OnColumns() | OnFilter() as target:
            product = product_at(mesh, target.database, target.table)
            return (product,) if product is not None and is_managed(mesh.domain(product)) else ()
        case _:
            return ()


def _is_managed(mesh: Mesh, product: str) -> bool:
    """Whether there is such a product, and Meshform makes it."""
    return product in mesh.products and is_managed(mesh.domain(mesh.products[product]))


@memo
def _producers(mesh: Mesh) -> frozenset[str]:
    """The ids of accounts that own products."""
    return frozenset(mesh.producer(domain).id for domain in mesh.domains.values())


def _subscribes(spec: Grant, product: Product, mesh: Mesh) -> bool:
    """Whether an account reads a product by a subscription, and not only as its producer."""
    accounts = (mesh.reader_account(mesh.consumer(each)) for each in subscriptions_to(mesh, product))
    return any(account is not None and account.id == spec.principal for account in accounts)
