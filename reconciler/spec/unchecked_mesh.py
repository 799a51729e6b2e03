"""UncheckedMesh: the documents as they were read, before anybody knows whether they fit together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar, cast

from reconciler.spec.documents.account import Account
from reconciler.spec.documents.adopted import Adopted
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.exception import PolicyException
from reconciler.spec.documents.lftag import LFTag
from reconciler.spec.documents.policy import Policy
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.settings import Settings
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.documents.suspension import Suspension
from reconciler.spec.documents.team import Team
from reconciler.spec.mesh import Mesh
from reconciler.spec.suggest import did_you_mean

D = TypeVar("D", bound=Document)

# Looking for a near name takes time that grows with the mesh; nobody reads more hints than this in one run.
MAX_HINTS = 50


@dataclass(slots=True)
class UncheckedMesh:
    """What the checks look at. `doubtful` are names that documents with errors may have declared.

    `entries` are (path in the mesh, document), by path; of two documents of one name the first counts.
    `mesh` holds only what fits together: a product of an unknown domain is not in it. None without settings.
    """

    entries: tuple[tuple[str, Document], ...]
    doubtful: frozenset[str]
    today: date
    _named: dict[type[Document], dict[str, Document]] = field(default_factory=dict)
    _all: dict[type[Document], list[Document]] = field(default_factory=dict)
    _hints: int = 0
    mesh: Mesh | None = None

    def __post_init__(self) -> None:
        for _, document in sorted(self.entries, key=lambda entry: (entry[1].name, entry[0])):
            self._named.setdefault(type(document), {}).setdefault(document.name, document)
        for _, document in self.entries:
            self._all.setdefault(type(document), []).append(document)
        settings = next(iter(self.named(Settings).values()), None)
        if settings is not None:
            self.mesh = _fitting(self, settings)

    def all(self, kind: type[D]) -> list[D]:
        """Every document of a kind, by path, those of one name too."""
        return cast("list[D]", self._all.get(kind, []))

    def named(self, kind: type[D]) -> dict[str, D]:
        """The documents of a kind by name, sorted."""
        return cast("dict[str, D]", self._named.get(kind, {}))

    def knows(self, kind: type[Document], name: str) -> bool:
        """Whether a document of that kind and name is there, or may be in a file that could not be read."""
        return name in self._named.get(kind, ()) or name in self.doubtful

    def account_of(self, consumer: Consumer) -> Account | None:
        """The account in which a consumer reads; None for an organization, and where there is none of its name."""
        return self.named(Account).get(consumer.account or "")

    def near(self, word: str, known: Iterable[str]) -> str:
        """` (did you mean x?)` or nothing."""
        if self._hints == MAX_HINTS:
            return ""
        self._hints += 1
        return did_you_mean(word, known)

    def near_document(self, kind: type[Document], word: str) -> str:
        """` (did you mean x?)` among the documents of a kind, or nothing."""
        return self.near(word, self._named.get(kind, ()))


def _fitting(unchecked: UncheckedMesh, settings: Settings) -> Mesh | None:
    accounts = unchecked.named(Account)
    domains = {name: each for name, each in unchecked.named(Domain).items() if each.account in accounts}
    products = {name: each for name, each in unchecked.named(Product).items() if each.domain in domains}
    consumers = {
        name: each
        for name, each in unchecked.named(Consumer).items()
        if each.account in accounts or (each.account is None and each.organization)
    }
    subscriptions = {
        name: each
        for name, each in unchecked.named(Subscription).items()
        if each.consumer in consumers and _fits(each, consumers[each.consumer], products)
    }
    tags, teams = unchecked.named(LFTag), unchecked.named(Team)
    adopted = {name: each for name, each in unchecked.named(Adopted).items() if accounts.keys() >= each.accounts}
    suspensions = {name: each for name, each in unchecked.named(Suspension).items() if len(each.subjects) == 1}
    policies, exceptions = unchecked.named(Policy), unchecked.named(PolicyException)
    # All of them, also those that are not in force: a mistake in one that is suspended is a mistake.
    mesh = Mesh(
        settings,
        accounts,
        tags,
        domains,
        products,
        consumers,
        subscriptions,
        teams,
        adopted,
        suspensions=suspensions,
        policies=policies,
        exceptions=exceptions,
    )
    return replace(mesh, written=subscriptions)


def _fits(subscription: Subscription, consumer: Consumer, products: dict[str, Product]) -> bool:
    if not {principal.name for principal in consumer.principals}.issuperset(subscription.principals):
        return False
    if subscription.product is None:
        return subscription.expression is not None
    product = products.get(subscription.product.rpartition("/")[2])
    return product is not None and subscription.product in (product.name, f"{product.domain}/{product.name}")
