"""Approval: whose word a subscription needs, by the sensitivity that it reaches."""

from __future__ import annotations

import json
from hashlib import blake2b

from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import readable_columns, sensitivity, subscribed_products, table_expression, usual_sensitivity


def is_automatic(mesh: Mesh, subscription: Subscription, product: Product) -> bool:
    """Whether the product's owner has said that such a subscription needs no approval. Only reading by
    somebody who is named ever is, with news for whom governance knows."""
    rule = product.approval
    if beyond_reading(subscription) or names_nobody(mesh, subscription) or told_besides(mesh, subscription):
        return False
    if rule.mode == "automatic":
        return True
    return rule.automatic_up_to is not None and _within(mesh, subscription, rule.automatic_up_to)


def names_nobody(mesh: Mesh, subscription: Subscription) -> bool:
    """Whether another account, or an organization, is given it as a whole, and decides itself who reads; or everybody
    in an account is, now and later (`wholeAccount`).

    What is offered to nobody in particular (a consumer that the mesh does not have) is for who will be named.
    """
    consumer = mesh.consumers.get(subscription.consumer)
    if consumer is None:
        return False
    if subscription.principals:
        whole = {each.name for each in consumer.principals if each.whole_account}
        return not whole.isdisjoint(subscription.principals)
    account = mesh.reader_account(consumer)
    return account is None or account.id != mesh.central.id


def told_besides(mesh: Mesh, subscription: Subscription) -> tuple[str, ...]:
    """Where a subscription has news sent besides its consumer and teams: addresses, and queues of other accounts.

    Who is told need not be who reads. What consumers' and teams' documents name, governance has approved.
    """
    notify, consumer = subscription.notify, mesh.consumers.get(subscription.consumer)
    if notify is None:
        return ()
    usual = consumer.notify if consumer is not None else None
    known = {team.email for team in mesh.teams.values()}
    known.update(mesh.email(each) for each in (usual.emails if usual is not None else ()))
    found = [each for each in map(mesh.email, notify.emails) if each not in known]
    if notify.queue and notify.queue != (usual.queue if usual is not None else None):
        account = mesh.reader_account(consumer) if consumer is not None else None
        if account is None or account.id != notify.queue.split(":")[4]:
            found.append(notify.queue)
    return tuple(found)


def beyond_reading(subscription: Subscription) -> tuple[str, ...]:
    """What a subscription lets its readers do besides reading: INSERT, DELETE, ALTER, DROP or ALL."""
    return tuple(each for each in subscription.permissions if each not in ("SELECT", "DESCRIBE"))


def approvers(mesh: Mesh, subscription: Subscription) -> tuple[str, ...]:
    """Who must approve a subscription as it is now, by their names in the documents; empty where nobody needs to."""
    order, found = levels(mesh), set[str]()
    tag = mesh.tags.get(mesh.settings.sensitivity_key)
    governance = (tag.owner if tag else None) or "governance"
    products = subscribed_products(mesh, subscription)
    for product in products:
        highest = highest_sensitivity(mesh, subscription, product)
        beyond = beyond_reading(subscription) and most_sensitive_columns(mesh, product)
        if (len(order) > 1 and highest == order[-1]) or beyond:
            found.add(governance)
        elif not is_automatic(mesh, subscription, product):
            found.add(product.owner)
        if beyond_reading(subscription):
            found.add(product.owner)
    return tuple(sorted(found)) if products else (governance,)


def digest(subscription: Subscription) -> str:
    """The digest of what a subscription says, without its approval and without who confirmed it since."""
    said = subscription.model_dump(mode="json", exclude={"approval", "confirmed"})
    return blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=6).hexdigest()


def most_sensitive_columns(mesh: Mesh, product: Product) -> frozenset[str]:
    """The declared columns (table.column) that carry the highest value of an ordered sensitivity key."""
    order, key = levels(mesh), mesh.settings.sensitivity_key
    if len(order) < 2:
        return frozenset()
    return frozenset(
        f"{table.name}.{column.name}"
        for table in product.tables
        for usual in (usual_sensitivity(mesh, product, table),)
        for column in table.columns
        if (column.tags.get(key) or usual) == order[-1]
    )


def highest_sensitivity(mesh: Mesh, subscription: Subscription, product: Product) -> str | None:
    """The most sensitive value that a subscription reaches in a product, by the order of the mesh's sensitivity key.

    What is asked for counts, even while no column carries it yet. None when nothing that is reached is classified,
    or the key has no order.
    """
    order = levels(mesh)
    key = mesh.settings.sensitivity_key
    values: set[str | None] = set(table_expression(mesh, subscription).get(key, ()))
    if not values:
        values = {
            sensitivity(mesh, product, table, column)
            for table in product.tables
            for reached in (frozenset(readable_columns(mesh, subscription, product, table)),)
            for column in table.columns
            if column.name in reached
        }
    return max((value for value in order if value in values), key=order.index, default=None)


@memo
def levels(mesh: Mesh) -> tuple[str, ...]:
    """The values of the sensitivity key from the least to the most; empty when the key has no order."""
    tag = mesh.tags.get(mesh.settings.sensitivity_key)
    return tuple(entry.value for entry in tag.values) if tag is not None and tag.ordered else ()


def _within(mesh: Mesh, subscription: Subscription, highest: str) -> bool:
    """Whether a subscription asks for no more than a sensitivity. What it does not ask by sensitivity is more."""
    tag = mesh.tags.get(mesh.settings.sensitivity_key)
    values = [entry.value for entry in tag.values] if tag else []
    asked = subscription.clearance.get(mesh.settings.sensitivity_key)
    if highest not in values or not asked or subscription.tables:
        return False
    return all(value in values[: values.index(highest) + 1] for value in asked)
