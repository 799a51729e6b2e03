"""What a subscription gives: by tags (the usual way) or by named tables, to an account and its principals.

In each region in which the consumer queries, its account gives DESCRIBE on the links there.

| share      | central account gives                          | consumer's account gives          |
|------------|------------------------------------------------|-----------------------------------|
| account    | everything to the account, to be passed on     | the same to each principal        |
| principals | everything to each principal                   | the link                          |
"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.sharing.product_targets import shared_databases
from reconciler.kinds.sharing.wanted_grant import WantedGrant, each
from reconciler.model.lakeformation import (
    OnColumns,
    OnDatabase,
    OnFilter,
    OnTable,
    OnTag,
    OnTagPolicy,
    Target,
    expression,
)
from reconciler.spec import placements
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import SubscribedTable, Subscription
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import fitted, is_linked, link_in, principal_arns, reader
from reconciler.spec.nested_fields import needs_filter
from reconciler.spec.tags import database_expression, subscribed_products, table_expression

Rights = tuple[tuple[Target, tuple[str, ...]], ...]


def consumer_grants_of(mesh: Mesh, subscription: Subscription) -> Iterable[WantedGrant]:
    """Every permission that a subscription needs, in the central account and in the consumer's."""
    consumer = mesh.consumer(subscription)
    account, catalog, own = mesh.reader_account(consumer), mesh.central.id, placements.of_catalog(mesh)
    origin = subscription.origin
    rights = rights_of(mesh, subscription)
    principals = principal_arns(mesh, subscription)
    is_local = account is not None and account.id == catalog
    if subscription.share == "principals" or is_local:
        for number, principal in enumerate(principals):
            for target, permissions in rights:
                yield from each(own, principal, target, permissions, subscription.at("principals", number))
    else:
        whole = reader(mesh, consumer)
        for tag in _tags(mesh, subscription):
            yield from each(own, whole, tag, ("DESCRIBE",), origin, grantable=True)
        for target, permissions in rights:
            yield from each(own, whole, target, permissions, origin, grantable=True)
    if account is None:
        return
    links = [where for where in placements.of_queries(mesh, consumer) if where != own]
    for number, principal in enumerate(principals):
        place = subscription.at("principals", number)
        if subscription.share == "account" and not is_local:
            for target, permissions in rights:
                yield from each(placements.of_account(mesh, account), principal, target, permissions, place)
        for product in subscribed_products(mesh, subscription):
            for database in product.databases if is_linked(mesh, account.id, product) else ():
                link = OnDatabase(account.id, link_in(mesh, account.id, database))
                for placement in links:
                    yield from each(placement, principal, link, ("DESCRIBE",), place)


def rights_of(mesh: Mesh, subscription: Subscription) -> Rights:
    """What is given, apart from to whom: targets with their permissions."""
    catalog = mesh.central.id
    permissions = tuple(sorted(set(subscription.permissions)))
    if not subscription.tables:
        tables = OnTagPolicy(catalog, "TABLE", expression(table_expression(mesh, subscription)))
        databases = OnTagPolicy(catalog, "DATABASE", expression(database_expression(mesh, subscription)))
        shared = shared_databases(mesh, subscribed_products(mesh, subscription))
        product = mesh.product(subscription)
        described = (databases,) if databases.terms and not (product and product.is_part) else ()
        return (*((each, ("DESCRIBE",)) for each in (*described, *shared)), (tables, permissions))
    product = mesh.product(subscription)
    assert product is not None, "a check refuses named tables without a product"
    return tuple(_named(catalog, product, table, subscription.name, permissions) for table in subscription.tables)


def filter_name(subscription: str, table: SubscribedTable) -> str:
    """Name of the data cells filter that a subscription makes on a table."""
    return table.filter or fitted(f"{subscription}-{table.name}", 128)


def _named(
    catalog: str, product: Product, table: SubscribedTable, subscription: str, permissions: tuple[str, ...]
) -> tuple[Target, tuple[str, ...]]:
    """The target of a table that is shared by its name. Columns and filters take SELECT only."""
    declared = product.table(table.name)
    database = product.database_of(declared)
    if needs_filter(declared, table):
        return OnFilter(catalog, database, table.name, filter_name(subscription, table)), ("SELECT",)
    if table.columns:
        return OnColumns(catalog, database, table.name, tuple(sorted(table.columns))), ("SELECT",)
    if table.exclude:
        return OnColumns(catalog, database, table.name, tuple(sorted(table.exclude)), excluded=True), ("SELECT",)
    return OnTable(catalog, database, table.name), permissions


def _tags(mesh: Mesh, subscription: Subscription) -> Iterable[OnTag]:
    """The tag values that the consumer's administrators must see to pass the share on."""
    for key, values in table_expression(mesh, subscription).items():
        for value in values:
            yield OnTag(mesh.central.id, key, value)
