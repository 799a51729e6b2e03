"""Approval: who must approve what a pull request changes. Several who are named must all agree.

| what changes                                             | who approves                                      |
|----------------------------------------------------------|---------------------------------------------------|
| a subscription up to the product's `automaticUpTo`       | nobody, if it only reads, and names who           |
| a subscription above it, or with a right beyond reading, | the owner of the product                          |
| or of another account or an organization as a whole,     |                                                   |
| or with news for an address of no team and not its       |                                                   |
| consumer's, or for a queue of another account            |                                                   |
| a subscription that reaches the most sensitive value     | governance: the owner of the sensitivity key      |
| a subscription that is taken away                        | the owner of the product                          |
| a product, a domain (as they were, when they were there) | their owner                                       |
| a new product, a product that moves to another domain    | the owner of the domain, and of the one it leaves |
| the most sensitive label goes from a column              | governance, too                                   |
| a table comes to the files of one that has such columns  | governance, too                                   |
| a writer's role lets others than its account act as it   | governance, too                                   |
| such a column's values may come under another (a recipe, settings of its table) | governance, too            |
| where a domain keeps its data (account, bucket, key)     | governance, too                                   |
| who comes to be a steward of a domain with such columns  | governance, too                                   |
| a subscription to what a suspension takes from its consumer | governance                                     |
| a suspension, or one that lasts longer                   | governance, or the owner of a product it is about |
| a suspension that is lifted, shortened or about less     | governance                                        |
| anything else: accounts, tags, teams, policies, consumers | governance                                       |

Whoever decides is named by the documents before the change: nobody makes himself an owner. What a change relaxes (a
label, `automaticUpTo`) counts as it was before, too. A consumer's document says which AWS roles stand behind the names
that owners have approved; so governance approves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from reconciler.kinds.iam.trust_policy import is_service
from reconciler.model.lakeformation import account_of
from reconciler.owners.documents import Changed, changed
from reconciler.owners.shown_otherwise import shown_otherwise
from reconciler.owners.suspended import is_around_suspension, owners_of_suspended, takes_no_less
from reconciler.owners.taken_files import taken_files
from reconciler.spec.approval import (
    beyond_reading,
    highest_sensitivity,
    is_automatic,
    levels,
    most_sensitive_columns,
    names_nobody,
    told_besides,
)
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.documents.suspension import Suspension
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arn
from reconciler.spec.tags import subscribed_products

Way = Literal["automatic", "owner", "governance"]
GOVERNANCE = "governance"
"""Who approves for governance when the mesh's sensitivity key has no owner."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Who must approve a document (nobody when the way is automatic), and why. One of `instead` is enough as well."""

    document: Document
    way: Way
    who: str
    why: str
    instead: tuple[str, ...] = ()


def governance(mesh: Mesh) -> str:
    """Who decides how sensitive data are handled: the owner of the sensitivity key."""
    tag = mesh.tags.get(mesh.settings.sensitivity_key)
    return (tag.owner if tag else None) or GOVERNANCE


def demands(before: Mesh, after: Mesh) -> tuple[Demand, ...]:
    """Who must approve what is different in `after`."""
    return tuple(_sorted(demand for change in changed(before, after) for demand in _of(change, before, after)))


def subscription_demands(mesh: Mesh, subscription: Subscription, before: Mesh | None = None) -> Iterator[Demand]:
    """Who must approve a subscription: one demand for each product that it reaches now.

    `before`: the mesh whose owners, labels and rules count besides those of `mesh`.
    """
    reached = subscribed_products(mesh, subscription)
    if not reached:
        why = "it reaches no product yet and every one that will carry these tags"
        yield Demand(subscription, "governance", governance(before or mesh), why)
    for product in reached:
        yield from _for_product(mesh, subscription, product, before)


def _for_product(mesh: Mesh, subscription: Subscription, product: Product, before: Mesh | None) -> Iterator[Demand]:
    old = before.products.get(product.name) if before is not None else None
    rules = [(mesh, product), *([(before, old)] if before is not None and old is not None else [])]
    found = [(highest_sensitivity(each, subscription, one), levels(each)) for each, one in rules]
    name, beyond = f"{product.domain}/{product.name}", beyond_reading(subscription)
    most = next((highest for highest, order in found if len(order) > 1 and highest == order[-1]), None)
    if beyond and most is None and any(most_sensitive_columns(each, one) for each, one in rules):
        # Whoever may write gets at whole files (rule raw-access).
        most = found[0][1][-1] if found[0][1] else found[-1][1][-1]
    if most is not None:
        why = f"it reaches {most} data of {name}, the most sensitive label there is"
        yield Demand(subscription, "governance", governance(before or mesh), why)
        if not beyond:
            return
    if all(is_automatic(each, subscription, one) for each, one in rules):
        upto = product.approval.automatic_up_to
        why = f"{name} asks for no approval" + (f" up to {upto}" if product.approval.mode == "owner" else "")
        yield Demand(subscription, "automatic", "", why)
        return
    highest = most or found[0][0]
    what = f"{highest} data" if highest else "data"
    more = f", and may do more than read ({', '.join(beyond)})" if beyond else ""
    more += ", and decides itself who reads" if names_nobody(mesh, subscription) else ""
    besides = told_besides(before or mesh, subscription)
    more += f", and has its news sent to {', '.join(besides)}" if besides else ""
    yield Demand(subscription, "owner", (old or product).owner, f"it reaches {what} of {name}{more}")


def _of(change: Changed, before: Mesh, after: Mesh) -> Iterator[Demand]:
    document, old = change.document, change.before
    match document:
        case Subscription():
            yield from _subscription(change, before, after)
        case Product():
            yield from _product(document, old if isinstance(old, Product) else None, change, before, after)
        case Domain() if isinstance(old, Domain):
            yield Demand(document, "owner", old.owner, f"the domain is {_PAST[change.action]}")
            if _keeps(old) != _keeps(document):
                why = "the domain keeps its data elsewhere"
                yield Demand(document, "governance", governance(before), why)
            come = [each for each in document.stewards if each not in old.stewards] if change.after is not None else []
            kept = (each for each in after.products.values() if each.domain == document.name)
            if come and any(most_sensitive_columns(after, each) for each in kept):
                why = f"its new stewards ({', '.join(come)}) read and write all of its data"
                yield Demand(document, "governance", governance(before), why)
        case Suspension() if change.after and takes_no_less(document, old if isinstance(old, Suspension) else None):
            why = "it takes access away, which governance or an owner of what it is about may ask for"
            yield Demand(document, "governance", governance(before), why, tuple(owners_of_suspended(before, document)))
        case _:
            yield Demand(document, "governance", governance(before), f"it is {_PAST[change.action]}")


def _subscription(change: Changed, before: Mesh, after: Mesh) -> Iterator[Demand]:
    now, old = change.after, change.before
    left: tuple[str, ...] = ()
    if isinstance(now, Subscription):
        yield from subscription_demands(after, now, before)
        if is_around_suspension(before, after, now):
            why = "it gives its consumer what a suspension of one of its subscriptions takes away"
            yield Demand(now, "governance", governance(before), why)
        left = tuple(product.name for product in subscribed_products(after, now))
    if isinstance(old, Subscription):
        for product in subscribed_products(before, old):
            if product.name not in left:
                yield Demand(change.document, "owner", product.owner, "it is taken away")


def _product(document: Product, old: Product | None, change: Changed, before: Mesh, after: Mesh) -> Iterator[Demand]:
    if old is not None:
        yield Demand(document, "owner", old.owner, f"the product is {_PAST[change.action]}")
    if old is not None and change.after is not None:
        # The domain of a product that is taken away may be gone with it.
        gone = most_sensitive_columns(before, old) - most_sensitive_columns(after, document)
        if gone:
            why = f"{', '.join(sorted(gone)[:3])} would be {levels(before)[-1]} no more"
            yield Demand(document, "governance", governance(before), why)
    for table, other in taken_files(before, after, document) if change.after is not None else ():
        why = f"{table} comes to the files of {other}, which are {levels(before)[-1]}"
        yield Demand(document, "governance", governance(before), why)
    for why in shown_otherwise(before, after, old, document) if change.after is not None else ():
        yield Demand(document, "governance", governance(before), why)
    writes_anew = change.after is not None and document.writers != (old.writers if old is not None else ())
    if writes_anew and document.writers and most_sensitive_columns(after, document):
        why = f"its writers ({', '.join(each.name for each in document.writers)}) read whole files of it"
        yield Demand(document, "governance", governance(before), why)
    let_in = _let_in(document, old, before, after) if change.after is not None else []
    if let_in:
        why = f"{', '.join(let_in)} may act as its writer, and no document names them as a consumer"
        yield Demand(document, "governance", governance(before), why)
    if change.after is not None and (old is None or old.domain != document.domain):
        domain = before.domains.get(document.domain)
        why = "the product is new" if old is None else f"the product comes to {document.domain}"
        if domain is None:
            yield Demand(document, "governance", governance(before), f"{why} in a new domain")
        else:
            yield Demand(document, "owner", domain.owner, why)


def _let_in(product: Product, old: Product | None, before: Mesh, after: Mesh) -> list[str]:
    """Whom the roles of writers newly let act as them who is of another account, and whom no consumer names."""
    if not any(each.trust for each in product.writers):
        return []
    account = after.producer(after.domain(product)).id
    trusted = {each.role: each.trust for each in old.writers if each.create} if old is not None else {}
    fresh = {name for each in product.writers if each.create for name in {*each.trust} - {*trusted.get(each.role, ())}}
    outside = {name for name in fresh if not is_service(name) and account_of(name) != account}
    return sorted(outside - _consumers(before)) if outside else []


@memo
def _consumers(mesh: Mesh) -> frozenset[str]:
    """The ARNs of everybody whom a consumer names."""
    return frozenset(principal_arn(mesh, each, one) for each in mesh.consumers.values() for one in each.principals)


def _keeps(domain: Domain) -> tuple[object, ...]:
    """Where a domain keeps its data."""
    own = (domain.account, domain.region, domain.bucket, domain.prefix, domain.manage_bucket, domain.external)
    return (*own, domain.kms_key, domain.places)


_PAST = {"create": "new", "update": "changed", "delete": "taken away"}
_ORDER = {"governance": 0, "owner": 1, "automatic": 2}


def _sorted(demands: Iterable[Demand]) -> list[Demand]:
    return sorted(demands, key=lambda each: (_ORDER[each.way], each.who, each.document.kind, each.document.name))
