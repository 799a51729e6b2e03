"""Approval: who must approve what a pull request changes.

| what changes                                             | who approves                                      |
|----------------------------------------------------------|---------------------------------------------------|
| a subscription up to the product's `automaticUpTo`       | nobody                                            |
| a subscription above it                                  | the owner of the product                          |
| a subscription that reaches the most sensitive value     | governance: the owner of the sensitivity key      |
| a product, a domain (as they were, when they were there) | their owner                                       |
| a new product, a new domain                              | the owner of the domain, governance               |
| anything else: accounts, tags, policies, consumers       | governance                                        |

A consumer's document says which AWS roles stand behind the names that owners have approved; so governance approves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from reconciler.owners.documents import Changed, changed
from reconciler.spec.approval import highest_sensitivity, is_automatic, levels
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import subscribed_products

Way = Literal["automatic", "owner", "governance"]
GOVERNANCE = "governance"
"""Who approves for governance when the mesh's sensitivity key has no owner."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Who must approve a document (nobody when the way is automatic), and why."""

    document: Document
    way: Way
    who: str
    why: str


def governance(mesh: Mesh) -> str:
    """Who decides how sensitive data are handled: the owner of the sensitivity key."""
    tag = mesh.tags.get(mesh.settings.sensitivity_key)
    return (tag.owner if tag else None) or GOVERNANCE


def demands(before: Mesh, after: Mesh) -> tuple[Demand, ...]:
    """Who must approve what is different in `after`."""
    return tuple(_sorted(demand for change in changed(before, after) for demand in _of(change, before, after)))


def subscription_demands(mesh: Mesh, subscription: Subscription) -> Iterator[Demand]:
    """Who must approve a subscription: one demand for each product that it reaches now."""
    reached = subscribed_products(mesh, subscription)
    if not reached:
        why = "it reaches no product yet and every one that will carry these tags"
        yield Demand(subscription, "governance", governance(mesh), why)
    order = levels(mesh)
    for product in reached:
        highest = highest_sensitivity(mesh, subscription, product)
        name = f"{product.domain}/{product.name}"
        if highest is not None and len(order) > 1 and highest == order[-1]:
            why = f"it reaches {highest} data of {name}, the most sensitive there are"
            yield Demand(subscription, "governance", governance(mesh), why)
        elif is_automatic(mesh, subscription, product):
            upto = product.approval.automatic_up_to
            why = f"{name} asks for no approval" + (f" up to {upto}" if product.approval.mode == "owner" else "")
            yield Demand(subscription, "automatic", "", why)
        else:
            what = f"{highest} data" if highest else "data"
            yield Demand(subscription, "owner", product.owner, f"it reaches {what} of {name}")


def _of(change: Changed, before: Mesh, after: Mesh) -> Iterator[Demand]:
    document, old = change.document, change.before
    if isinstance(document, Subscription):
        if change.after is not None:
            yield from subscription_demands(after, document)
        else:
            for product in subscribed_products(before, document):
                yield Demand(document, "owner", product.owner, "it is taken away")
    elif isinstance(document, Product):
        if isinstance(old, Product):
            yield Demand(document, "owner", old.owner, f"the product is {_PAST[change.action]}")
        else:
            yield Demand(document, "owner", after.domain(document).owner, "the product is new")
    elif isinstance(document, Domain) and isinstance(old, Domain):
        yield Demand(document, "owner", old.owner, f"the domain is {_PAST[change.action]}")
    else:
        yield Demand(document, "governance", governance(before), f"it is {_PAST[change.action]}")


_PAST = {"create": "new", "update": "changed", "delete": "taken away"}
_ORDER = {"governance": 0, "owner": 1, "automatic": 2}


def _sorted(demands: Iterable[Demand]) -> list[Demand]:
    return sorted(demands, key=lambda each: (_ORDER[each.way], each.who, each.document.kind, each.document.name))
