"""What accounts receive of the central one: by which grants, and of which databases."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.lakeformation import Grant, OnLocation, OnSavedExpression, OnTag, OnTagPolicy, account_of
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import subscribed_products

BY_RAM = 3
"""From this cross-account version on nothing is shared by the policy of the catalog."""


def receiver(principal: str, mesh: Mesh) -> str | None:
    """The account that receives what the central account grants to a principal; None for its own and for strangers.

    https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html
    """
    account = account_of(principal)
    return account if account and account != mesh.central.id and mesh.account_by_id(account) is not None else None


def makes_share(grant: Grant, version: int) -> bool:
    """Whether a grant to another account comes with a share of RAM: what is in one are catalogs, databases and tables.

    LF-tags and locations are given without: a wait for their share would never end. Before cross-account `version` 3
    what LF-tags open is shared by the policy of the catalog.
    https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html
    https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html
    """
    by_tags = isinstance(grant.target, OnTagPolicy | OnSavedExpression)
    return not isinstance(grant.target, OnTag | OnLocation) and (version >= BY_RAM or not by_tags)


@memo
def received_databases(mesh: Mesh) -> Mapping[str, tuple[str, ...]]:
    """By account: the databases of the products that it makes or subscribes to, sorted."""
    found: dict[str, set[str]] = {}
    for product in mesh.products.values():
        found.setdefault(mesh.producer(mesh.domain(product)).id, set()).update(product.databases)
    for subscription in mesh.subscriptions.values():
        reader = mesh.reader_account(mesh.consumer(subscription))
        if reader is not None:
            products = subscribed_products(mesh, subscription)
            found.setdefault(reader.id, set()).update(name for product in products for name in product.databases)
    return {account: tuple(sorted(databases)) for account, databases in found.items()}
