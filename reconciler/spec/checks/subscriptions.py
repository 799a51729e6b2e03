"""Subscriptions: who and what they name exists, and they have not expired."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.consumer import Consumer
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.settings import Settings
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.in_force import has_ended
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

CONSUMER = Rule(
    "unknown-consumer",
    "error",
    "A subscription names a Consumer of the mesh.",
    "Consumers are declared in consumers/<consumer>/consumer.yaml. Correct the name or add the document.",
)
PRODUCT = Rule(
    "unknown-product",
    "error",
    "A subscription names a Product of the mesh, in its domain.",
    "Write domain/product, or the name of the product alone.",
)
PRINCIPAL = Rule(
    "unknown-principal",
    "error",
    "A subscription names principals of its consumer.",
    "Principals are declared in `principals` of the Consumer.",
)
SHARE = Rule(
    "share",
    "error",
    "A share with principals has principals of one account, and an organization receives shares as a whole.",
    "With `share: principals` list them. For an organization leave out principals and `share`.",
)
EXPIRED = Rule(
    "expired-subscription",
    "warning",
    "No document of a subscription is left after its last day.",
    "It gives nothing any more: the next apply takes the access away. `meshform expire --propose` removes documents; "
    "to go on reading, have `expires` extended.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about whom and what subscriptions name."""
    for subscription in unchecked.all(Subscription):
        yield from _product(unchecked, subscription)
        consumer = unchecked.named(Consumer).get(subscription.consumer)
        if consumer is not None:
            yield from _principals(unchecked, subscription, consumer)
        elif not unchecked.knows(Consumer, subscription.consumer):
            near = unchecked.near_document(Consumer, subscription.consumer)
            yield CONSUMER.broken(subscription.at("consumer"), f"there is no consumer {subscription.consumer}{near}")
        if has_ended(subscription, unchecked.today):
            yield EXPIRED.broken(
                subscription.at("expires"),
                f"{subscription.name} ended on {subscription.expires} and gives nothing; delete it or have it extended",
            )


def _product(unchecked: UncheckedMesh, subscription: Subscription) -> Iterator[Finding]:
    if subscription.product is None:
        return
    domain, _, name = subscription.product.rpartition("/")
    product = unchecked.named(Product).get(name)
    if product is None:
        if not unchecked.knows(Product, name):
            near = unchecked.near(subscription.product, _full_names(unchecked, domain))
            yield PRODUCT.broken(subscription.at("product"), f"there is no product {subscription.product}{near}")
    elif domain and domain != product.domain:
        yield PRODUCT.broken(
            subscription.at("product"), f"{name} is a product of {product.domain}; write {product.domain}/{name}"
        )


def _full_names(unchecked: UncheckedMesh, domain: str) -> list[str]:
    products = unchecked.named(Product).values()
    return [f"{each.domain}/{each.name}" if domain else each.name for each in products]


def _principals(unchecked: UncheckedMesh, subscription: Subscription, consumer: Consumer) -> Iterator[Finding]:
    known = frozenset(principal.name for principal in consumer.principals)
    for index, name in enumerate(subscription.principals):
        if name not in known:
            yield PRINCIPAL.broken(
                subscription.at("principals", index),
                f"{consumer.name} has no principal {name}{unchecked.near(name, known)}",
            )
    if subscription.share == "principals":
        if consumer.organization is not None:
            yield SHARE.broken(subscription.at("share"), "an organization receives shares as a whole; leave share out")
        elif not subscription.principals:
            yield SHARE.broken(subscription.at("share"), "a share with principals needs principals; list them")
        for settings in unchecked.all(Settings)[:1]:
            if consumer.account != settings.central:
                yield from _direct(subscription, consumer)


def _direct(subscription: Subscription, consumer: Consumer) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/identity-center-lf-notes.html"""
    people = {each.name: each for each in consumer.principals}
    for index, name in enumerate(subscription.principals):
        principal = people.get(name)
        if principal is not None and principal.whole_account:
            words = f"{name} is the whole account, which receives it as such; leave `share` out"
            yield SHARE.broken(subscription.at("principals", index), words)
        if principal is not None and principal.is_of_identity_center:
            yield SHARE.broken(
                subscription.at("principals", index),
                f"{name} is of IAM Identity Center, to which Lake Formation grants nothing across accounts; "
                "leave `share` out",
            )
