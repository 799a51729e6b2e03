"""A subscription as an agreement of the Open Access Agreement Standard (v0.9, RFC 0056 of Bitol).

https://github.com/bitol-io/tsc/blob/main/rfcs/0056-oaas.md
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reconciler.exports.identity import VERSION, agreement_id, contract_id, product_id
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import subscribed_products


def agreements(mesh: Mesh, subscription: Subscription) -> Iterator[dict[str, Any]]:
    """The agreements of a subscription, one for each product that it reads: the standard knows one provider each."""
    for product in subscribed_products(mesh, subscription):
        yield _agreement(mesh, subscription, product)


def _agreement(mesh: Mesh, subscription: Subscription, product: Product) -> dict[str, Any]:
    consumer = mesh.consumers[subscription.consumer]
    found: dict[str, Any] = {
        "apiVersion": "v0.9.0",
        "kind": "AccessAgreement",
        "id": agreement_id(mesh, subscription, product),
        "name": subscription.name,
        # What is in the main branch was approved; who asks on a pull request is not exported.
        "status": "approved",
        "description": {"purpose": subscription.purpose, **_limits(subscription)},
        "endTimestamp": f"{subscription.expires}T23:59:59Z" if subscription.expires else None,
        "provider": {
            "teamId": product.owner,
            "dataProductId": product_id(mesh, product),
            "outputPortId": product.database,
            "dataContractId": contract_id(mesh, product),
            "dataContractVersion": VERSION,
        },
        "consumer": {"teamId": consumer.owner},
        "roles": [{"role": f"{consumer.name}/{name}"} for name in subscription.principals],
        "customProperties": [{"property": "consumer", "value": consumer.name}],
    }
    return {name: value for name, value in found.items() if value not in (None, [])}


def _limits(subscription: Subscription) -> dict[str, str]:
    """Which columns and rows it is about, in words."""
    if subscription.tables:
        parts = [_table(each.name, each.columns, each.exclude, each.rows) for each in subscription.tables]
        return {"limitations": f"Only {'; '.join(parts)}."}
    said = {**(subscription.expression or {}), **subscription.clearance}
    words = [f"{key} is {' or '.join(values)}" for key, values in said.items()]
    return {"limitations": f"Only columns whose {' and '.join(words)}."} if words else {}


def _table(name: str, columns: tuple[str, ...], exclude: tuple[str, ...], rows: str | None) -> str:
    which = f"{name} ({', '.join(columns)})" if columns else name
    which += f" without {', '.join(exclude)}" if exclude else ""
    return f"{which} where {rows}" if rows else which
