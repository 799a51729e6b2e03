"""What of the mesh's access is in force: subscriptions that have ended or are suspended give nothing.

A subscription counts to the end of its last day. A suspension takes away from subscriptions what it names: one of them,
all of a consumer's, a principal, a product, or columns with a value of an LF-tag.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import SubscribedTable, Subscription
from reconciler.spec.documents.suspension import Suspension
from reconciler.spec.documents.table import Table
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arn, principal_identity
from reconciler.spec.nested_fields import top
from reconciler.spec.tags import (
    opened_tags,
    readable_columns,
    subscribed_products,
    table_expression,
    tags_by_column,
)

_MOST_VALUES = 50
"""Values of one key in an expression, as AWS takes them:
https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_LFTag.html
"""


def in_force(mesh: Mesh, today: date) -> Mesh:
    """The mesh with the subscriptions that give something today, as far as they do. `mesh` has them as written."""
    running = {name: each for name, each in mesh.subscriptions.items() if not has_ended(each, today)}
    mesh = replace(mesh, subscriptions=running, written=mesh.subscriptions, day=today)
    suspensions = tuple(each for each in mesh.suspensions.values() if holds(each, today))
    if not suspensions:
        return mesh
    mesh = replace(mesh, suspended=suspended_principals(mesh, suspensions))
    for suspension in suspensions:
        left = {name: _left(mesh, each, suspension) for name, each in mesh.subscriptions.items()}
        mesh = replace(mesh, subscriptions={name: each for name, each in left.items() if each is not None})
    return mesh


def in_force_as_known(mesh: Mesh) -> Mesh:
    """The same once more is known of who is who: a suspended principal may be there under another name, too."""
    if not mesh.suspensions or mesh.day is None:
        return mesh
    return in_force(replace(mesh, subscriptions=mesh.written), mesh.day)


def has_ended(subscription: Subscription, today: date) -> bool:
    """Whether the last day of a subscription is over."""
    return subscription.expires is not None and subscription.expires < today


def holds(suspension: Suspension, today: date) -> bool:
    """Whether a suspension is in force on a day."""
    return suspension.until is None or today <= suspension.until


def is_suspended(mesh: Mesh, principal: str) -> bool:
    """Whether a principal of Lake Formation gets nothing, however AWS writes his ARN."""
    return bool(mesh.suspended) and principal_identity(principal) in mesh.suspended


def taking(
    mesh: Mesh, subscription: Subscription, principal: str, product: Product, table: Table, columns: Collection[str]
) -> Iterator[Suspension]:
    """The suspensions in force that take columns from what a subscription, as written, gives a principal (his ARN)."""
    for suspension in mesh.suspensions.values():
        if mesh.day is not None and not holds(suspension, mesh.day):
            continue
        if suspension.principal is not None or suspension.consumer is not None:
            is_taken = principal_identity(principal) in suspended_principals(mesh, [suspension])
        else:
            left = _left(mesh, subscription, suspension)
            is_taken = left is None or not {*columns} <= {*readable_columns(mesh, left, product, table)}
        if is_taken:
            yield suspension


def suspended_principals(mesh: Mesh, suspensions: Iterable[Suspension]) -> frozenset[str]:
    """Those who get nothing by these suspensions, as `principal_identity` writes them."""
    return frozenset(_principals(mesh, suspensions))


def _principals(mesh: Mesh, suspensions: Iterable[Suspension]) -> Iterable[str]:
    for suspension in suspensions:
        consumer = mesh.consumers.get(suspension.consumer or "")
        if consumer is not None:
            yield from (principal_identity(principal_arn(mesh, consumer, each)) for each in consumer.principals)
        if suspension.principal is not None:
            yield principal_identity(_by_name(mesh).get(suspension.principal, suspension.principal))


@memo
def _by_name(mesh: Mesh) -> Mapping[str, str]:
    """The ARN of each principal by consumer/principal."""
    return {
        f"{consumer.name}/{principal.name}": principal_arn(mesh, consumer, principal)
        for consumer in mesh.consumers.values()
        for principal in consumer.principals
    }


def _left(mesh: Mesh, subscription: Subscription, suspension: Suspension) -> Subscription | None:
    """What a suspension leaves of a subscription."""
    match suspension.subjects:
        case ("subscription",):
            return None if subscription.name == suspension.subscription else subscription
        case ("consumer",):
            return None if subscription.consumer == suspension.consumer else subscription
        case ("principal",):
            return _without_principal(mesh, subscription)
        case ("product",):
            return _without_product(mesh, subscription, str(suspension.product).rpartition("/")[2])
        case ("tag",):
            ((key, value),) = (suspension.tag or {}).items()
            return _without_value(mesh, subscription, key, value)
        case _:
            return subscription


def _without_principal(mesh: Mesh, subscription: Subscription) -> Subscription | None:
    """Without those who are suspended. Who was the only one leaves nothing: no share as a whole takes his place."""
    known = _by_name(mesh)
    left = tuple(
        name for name in subscription.principals if not is_suspended(mesh, known[f"{subscription.consumer}/{name}"])
    )
    if left == subscription.principals:
        return subscription
    return subscription.model_copy(update={"principals": left}) if left else None


def _without_product(mesh: Mesh, subscription: Subscription, name: str) -> Subscription | None:
    product = mesh.products.get(name)
    if product is None or product not in subscribed_products(mesh, subscription):
        return subscription
    if mesh.product(subscription) is product:
        return None
    key = mesh.settings.tag_keys.product
    others = (each.name for each in mesh.products.values())
    return _narrowed(subscription, key, table_expression(mesh, subscription).get(key, others), name)


def _without_value(mesh: Mesh, subscription: Subscription, key: str, value: str) -> Subscription | None:
    """Without the columns that carry a value. What carries no value of the key is no more read either."""
    if subscription.tables:
        return _without_columns(mesh, subscription, key, value)
    carried = (tags.get(key) == value for tags in opened_tags(mesh, subscription))
    asked = table_expression(mesh, subscription).get(key)
    if value not in (asked or ()) and not any(carried):
        return subscription
    tag = mesh.tags.get(key)
    return _narrowed(subscription, key, asked or (tag.value_names if tag else ()), value)


def _narrowed(subscription: Subscription, key: str, values: Iterable[str], without: str) -> Subscription | None:
    """A subscription by LF-tags that asks for one value of a key less. None where AWS takes no such expression."""
    left = tuple(sorted(set(values) - {without}))
    if not 0 < len(left) <= _MOST_VALUES:
        return None
    expression = subscription.expression
    if expression is not None and key in expression:
        return subscription.model_copy(update={"expression": {**expression, key: left}})
    return subscription.model_copy(update={"clearance": {**subscription.clearance, key: left}})


def _without_columns(mesh: Mesh, subscription: Subscription, key: str, value: str) -> Subscription | None:
    """A subscription of tables by name, without the columns that carry a value."""
    product = mesh.product(subscription)
    assert product is not None, "tables are those of a product"
    known = {table.name: table for table in product.tables}
    left: list[SubscribedTable] = []
    for shared in subscription.tables:
        table = known[shared.name]
        opened = readable_columns(mesh, subscription, product, table)
        tags = dict(tags_by_column(mesh, product, table))
        kept = tuple(name for name in opened if tags[name].get(key) != value)
        if kept == opened:
            left.append(shared)
        elif kept:
            listed = tuple(name for name in shared.columns if top(table, name) in kept)
            left.append(shared.model_copy(update={"columns": listed or kept, "exclude": ()}))
    if tuple(left) == subscription.tables:
        return subscription
    return subscription.model_copy(update={"tables": tuple(left)}) if left else None
