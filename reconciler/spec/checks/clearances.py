"""What a subscription asks for by LF-tags: opens classified columns only, and is something Lake Formation takes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from reconciler.model.finding import Finding
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.limits import ASKED_VALUES, EXPRESSION_BYTES
from reconciler.spec.managed import is_managed
from reconciler.spec.mesh import Mesh
from reconciler.spec.rule import Rule
from reconciler.spec.tags import (
    database_expression,
    is_columns_only,
    opens_columns,
    subscribed_products,
    table_expression,
)
from reconciler.spec.unchecked_mesh import UncheckedMesh

SHAPE = Rule(
    "subscription-shape",
    "error",
    "A subscription asks for a product or by an expression, and for columns by a clearance or by named tables.",
    "`product` with `clearance`, `product` with `tables`, or `expression` with `clearance`.",
)
OPEN = Rule(
    "open-clearance",
    "error",
    "A clearance has at least one key that only declared columns carry, unless all that it reaches is external.",
    "All other keys are inherited: a column that turns up later, which nobody has classified, would be readable at "
    "once. Add the mesh's sensitivityKey, or a key with `columnsOnly: true`.",
)
NOTHING = Rule(
    "clearance-opens-nothing",
    "warning",
    "A clearance matches at least one declared column.",
    "The subscription would give nothing. Check the values against the tags of the product's columns.",
    when_sound=True,
)
LONG = Rule(
    "expression-too-long",
    "error",
    f"The expression that follows from a subscription has at most {EXPRESSION_BYTES} bytes.",
    "Lake Formation refuses longer ones. Ask for fewer values, or split the subscription in two.",
)
VALUES = Rule(
    "too-many-values",
    "error",
    f"A subscription names at most {ASKED_VALUES} values of one key.",
    "Lake Formation takes no more in one grant. Split the subscription in two, or give the values a common key.",
)
CROSS_ACCOUNT = Rule(
    "cross-account-permission",
    "error",
    "DROP and ALL stay in the account that owns the data.",
    "Lake Formation refuses them on databases across accounts, and on tables they would let a reader delete a product. "
    "Name the permissions that are needed: SELECT, DESCRIBE, INSERT, DELETE, ALTER.",
)
RAW = Rule(
    "raw-access",
    "warning",
    "INSERT, DELETE and ALL reach the files of a table, beyond columns and rows.",
    "Lake Formation gives their holders credentials for the table's whole location in S3, so they can read every "
    "column there. Where only some columns match, it gives DESCRIBE instead.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about clearances, expressions and permissions."""
    for subscription in unchecked.all(Subscription):
        yield from _shape(subscription)
        for field in ("expression", "clearance"):
            asked: Mapping[str, tuple[str, ...]] = getattr(subscription, field) or {}
            for key, values in asked.items():
                if len(set(values)) > ASKED_VALUES:
                    yield VALUES.broken(
                        subscription.at(field, key),
                        f"{len(set(values))} values of {key}; Lake Formation takes {ASKED_VALUES} in one grant",
                    )
        for index, permission in enumerate(subscription.permissions):
            if permission in ("INSERT", "DELETE", "ALL"):
                yield RAW.broken(
                    subscription.at("permissions", index),
                    f"{permission} lets the reader reach the whole files of the tables, whatever the clearance",
                )
    if unchecked.mesh is not None:
        for subscription in unchecked.mesh.subscriptions.values():
            yield from _in_mesh(unchecked.mesh, subscription)


def _shape(subscription: Subscription) -> Iterator[Finding]:
    if (subscription.product is None) == (subscription.expression is None):
        field = "product" if subscription.product is not None else "expression"
        yield SHAPE.broken(subscription.at(field), "give one of product and expression")
    if subscription.tables and subscription.expression is not None:
        yield SHAPE.broken(subscription.at("tables"), "tables by name need a product, not an expression")
    if subscription.tables and subscription.clearance:
        yield SHAPE.broken(subscription.at("clearance"), "give a clearance or tables by name, not both")
    if not subscription.tables and not subscription.clearance and subscription.expression is None:
        yield SHAPE.broken(subscription.origin, "say which columns: give a clearance, or tables by name")
    if subscription.expression is not None and not subscription.expression:
        yield SHAPE.broken(subscription.at("expression"), "the expression is empty; it would reach every product")


def _in_mesh(mesh: Mesh, subscription: Subscription) -> Iterator[Finding]:
    if mesh.consumer(subscription).account != mesh.settings.central:
        for index, permission in enumerate(subscription.permissions):
            if permission in ("DROP", "ALL"):
                yield CROSS_ACCOUNT.broken(
                    subscription.at("permissions", index), f"{permission} cannot be shared with another account"
                )
    if subscription.tables or not (subscription.clearance or subscription.expression):
        return
    asked = table_expression(mesh, subscription)
    if _is_all_external(mesh, subscription):
        yield from _long(subscription, asked)
        return
    if not subscription.clearance:
        yield SHAPE.broken(subscription.origin, "say which columns: give a clearance, or tables by name")
        return
    own = mesh.settings.tag_keys.product
    if subscription.product is not None and own in subscription.clearance:
        yield SHAPE.broken(subscription.at("clearance", own), f"`product` says already which product; leave {own} out")
    if subscription.expression and not database_expression(mesh, subscription) and subscription.product is None:
        yield SHAPE.broken(
            subscription.at("expression"),
            f"only columns carry these LF-tags; add keys that databases carry, such as {mesh.settings.tag_keys.domain}",
        )
    if not any(is_columns_only(mesh, key) for key in asked):
        yield OPEN.broken(
            subscription.at("clearance"),
            f"columns inherit every key of this clearance, so an unclassified column would be readable; "
            f"add {mesh.settings.sensitivity_key}",
        )
    yield from _long(subscription, asked)
    if not opens_columns(mesh, subscribed_products(mesh, subscription), asked):
        yield NOTHING.broken(subscription.at("clearance"), "no declared column carries these LF-tags; it opens nothing")


def _is_all_external(mesh: Mesh, subscription: Subscription) -> bool:
    """Whether a subscription reaches products that Meshform does not make, and no others: it is shared as it is."""
    reached = subscribed_products(mesh, subscription)
    return bool(reached) and not any(is_managed(mesh.domain(product)) for product in reached)


def _long(subscription: Subscription, asked: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    size = len(json.dumps([{"TagKey": key, "TagValues": values} for key, values in asked.items()]).encode())
    if size > EXPRESSION_BYTES:
        yield LONG.broken(
            subscription.at("clearance"),
            f"the expression has {size} bytes, at most {EXPRESSION_BYTES} are taken; ask for fewer values or split it",
        )
