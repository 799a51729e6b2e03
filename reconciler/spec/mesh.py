"""Mesh: what people wrote, validated; and how its documents belong together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from reconciler.spec.documents.account import Account
from reconciler.spec.documents.adopted import Adopted
from reconciler.spec.documents.consumer import Consumer, Principal
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.exception import PolicyException
from reconciler.spec.documents.lftag import LFTag
from reconciler.spec.documents.notify import Notifications
from reconciler.spec.documents.policy import Policy
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.settings import Settings, Territory
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.documents.suspension import Suspension
from reconciler.spec.documents.team import Team
from reconciler.spec.memo import memo

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mesh:
    """The documents by name, sorted by name. The checks have seen it: every name in it can be followed.

    Lookups that follow a name raise KeyError only for a mesh that was not checked.
    What the mesh derives lies beside it: spec.names (buckets, ARNs, locations), spec.tags (LF-tags, expressions).
    """

    settings: Settings
    accounts: Mapping[str, Account]
    tags: Mapping[str, LFTag]
    domains: Mapping[str, Domain]
    products: Mapping[str, Product]
    consumers: Mapping[str, Consumer]
    subscriptions: Mapping[str, Subscription]
    """Those in force, as far as they are: neither ended nor suspended (spec.in_force)."""
    teams: Mapping[str, Team] = field(default_factory=dict)
    adopted: Mapping[str, Adopted] = field(default_factory=dict)
    suspensions: Mapping[str, Suspension] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    exceptions: Mapping[str, PolicyException] = field(default_factory=dict)
    written: Mapping[str, Subscription] = field(default_factory=dict)
    """All subscriptions as people wrote them."""
    day: date | None = field(default=None, compare=False)
    """The day on which they are in force."""
    suspended: frozenset[str] = frozenset()
    """Principals who get nothing, however it would be given. Ask `in_force.is_suspended`."""
    notes: dict[object, object] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What spec.memo keeps: for its eyes only."""

    @property
    def name(self) -> str:
        """Name of the mesh."""
        return self.settings.name

    @property
    def region(self) -> str:
        """Home region."""
        return self.settings.region

    @property
    def territory(self) -> Territory:
        """What happens to what no document asks for."""
        return self.settings.territory

    @property
    def central(self) -> Account:
        """The account that holds the central catalog."""
        return self.accounts[self.settings.central]

    def account_by_id(self, account_id: str) -> Account | None:
        """The account with these 12 digits, when the mesh has it."""
        return _accounts_by_id(self).get(account_id)

    def domain(self, product: Product) -> Domain:
        """The domain that owns a product."""
        return self.domains[product.domain]

    def producer(self, domain: Domain) -> Account:
        """The account in which a domain keeps its data."""
        return self.accounts[domain.account]

    def products_of(self, domain: Domain) -> tuple[Product, ...]:
        """The products of a domain, by name."""
        return _products_by_domain(self).get(domain.name, ())

    def domains_in(self, account: Account) -> tuple[Domain, ...]:
        """The domains that keep their data in an account, by name."""
        return _domains_by_account(self).get(account.name, ())

    def consumers_in(self, account: Account) -> tuple[Consumer, ...]:
        """The consumers that read in an account, by name."""
        return _consumers_by_account(self).get(account.name, ())

    def consumer(self, subscription: Subscription) -> Consumer:
        """Who reads by a subscription."""
        return self.consumers[subscription.consumer]

    def reader_account(self, consumer: Consumer) -> Account | None:
        """The account in which a consumer reads; None for an organization or organizational unit."""
        return self.accounts[consumer.account] if consumer.account else None

    def subscriptions_of(self, consumer: Consumer) -> tuple[Subscription, ...]:
        """The subscriptions of a consumer, by name."""
        return _subscriptions_by_consumer(self).get(consumer.name, ())

    def product(self, subscription: Subscription) -> Product | None:
        """The product that a subscription names; None when it asks by a tag expression."""
        named = subscription.product
        return self.products[named.rpartition("/")[2]] if named else None

    def principals(self, subscription: Subscription) -> tuple[Principal, ...]:
        """The principals of the consumer that read by a subscription, in the order written."""
        known = _principals_by_consumer(self)[subscription.consumer]
        return tuple(known[name] for name in subscription.principals)

    def email(self, address: str) -> str:
        """Where notices for an address or a team go."""
        team = self.teams.get(address)
        return (team.email or address) if team else address

    def notifications(self, product: Product) -> Notifications:
        """What subscribers of a product are told."""
        return product.notifications or self.settings.notifications


def grouped(things: Iterable[T], key: Callable[[T], str | None]) -> dict[str, tuple[T, ...]]:
    """Things by a name that they give, in their order; those that give none are left out."""
    found: dict[str, list[T]] = {}
    for thing in things:
        name = key(thing)
        if name is not None:
            found.setdefault(name, []).append(thing)
    return {name: tuple(of_name) for name, of_name in found.items()}


@memo
def _accounts_by_id(mesh: Mesh) -> Mapping[str, Account]:
    # Of two accounts with one id, which a check refuses, the first counts.
    return {account.id: account for account in reversed(tuple(mesh.accounts.values()))}


@memo
def _products_by_domain(mesh: Mesh) -> Mapping[str, tuple[Product, ...]]:
    return grouped(mesh.products.values(), lambda product: product.domain)


@memo
def _domains_by_account(mesh: Mesh) -> Mapping[str, tuple[Domain, ...]]:
    return grouped(mesh.domains.values(), lambda domain: domain.account)


@memo
def _consumers_by_account(mesh: Mesh) -> Mapping[str, tuple[Consumer, ...]]:
    return grouped(mesh.consumers.values(), lambda consumer: consumer.account)


@memo
def _subscriptions_by_consumer(mesh: Mesh) -> Mapping[str, tuple[Subscription, ...]]:
    return grouped(mesh.subscriptions.values(), lambda subscription: subscription.consumer)


@memo
def _principals_by_consumer(mesh: Mesh) -> Mapping[str, Mapping[str, Principal]]:
    return {
        consumer.name: {principal.name: principal for principal in consumer.principals}
        for consumer in mesh.consumers.values()
    }
