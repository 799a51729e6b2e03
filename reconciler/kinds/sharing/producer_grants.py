"""What the producer's account and the domain's stewards may do with the product that is theirs."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.glue.crawls import crawl_placement, crawler_role_arn
from reconciler.kinds.sharing.product_targets import on_databases, on_tables, producer_links
from reconciler.kinds.sharing.wanted_grant import WantedGrant, each
from reconciler.kinds.sharing.writer_grants import writer_grants
from reconciler.model.lakeformation import OnLocation, OnTag, Target
from reconciler.spec import placements
from reconciler.spec.data_places import places_of_product
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import domain_steward_arns, iam_arn, own_role, work_role

_KEEPING = ("DELETE", "DESCRIBE", "INSERT", "SELECT")
"""A steward keeps the data. Tables come and go by the mesh, so no ALTER, DROP or CREATE_TABLE."""


def producer_grants_of(mesh: Mesh, product: Product) -> Iterable[WantedGrant]:
    """The central account shares the product with its producer, who passes it on to the domain's stewards."""
    domain = mesh.domain(product)
    account, catalog, origin = mesh.producer(domain), mesh.central.id, domain.origin
    key = mesh.settings.tag_keys.product
    databases, tables = on_databases(mesh, product), on_tables(mesh, product)
    stewards = domain_steward_arns(mesh, domain)
    own = placements.of_catalog(mesh)
    if account.id != catalog:
        yield from each(own, account.id, OnTag(catalog, key, product.name), ("DESCRIBE",), origin, grantable=True)
        for database in databases:
            yield from each(own, account.id, database, ("DESCRIBE",), origin, grantable=True)
        yield from each(own, account.id, tables, _KEEPING, origin, grantable=True)
    placement = placements.of_account(mesh, account)
    for number, steward in enumerate(stewards):
        place = domain.at("stewards", number)
        for database in databases:
            yield from each(placement, steward, database, ("DESCRIBE",), place)
        yield from each(placement, steward, tables, _KEEPING, place)
        for link in producer_links(product, account.id) if account.id != catalog else ():
            yield from each(placement, steward, link, ("DESCRIBE",), place)
    yield from crawler_grants(mesh, product)
    yield from writer_grants(mesh, product)
    if any(table.quality for table in product.tables):
        yield from quality_grants(mesh, product)


def crawler_grants(mesh: Mesh, product: Product) -> Iterable[WantedGrant]:
    """What the role of a product's crawlers needs, and its account to pass it on; nothing for a product without one.

    Crawlers of declared tables change them; only one with a path of its own may find new ones, and so create them.
    https://docs.aws.amazon.com/glue/latest/dg/crawler-lf-integ.html
    """
    if product.crawler is None:
        return
    catalog, origin = mesh.central.id, product.at("crawler")
    placement, own = crawl_placement(mesh, product), placements.of_catalog(mesh)
    making = ("CREATE_TABLE", "DESCRIBE") if product.crawler.path is not None else ("DESCRIBE",)
    rights: tuple[tuple[Target, tuple[str, ...]], ...] = (
        *((OnLocation(catalog, place.arn), ("DATA_LOCATION_ACCESS",)) for place in places_of_product(mesh, product)),
        *((database, making) for database in on_databases(mesh, product)),
        (on_tables(mesh, product), ("ALTER", "DESCRIBE", "SELECT")),
    )
    role = crawler_role_arn(mesh, product)
    for target, permissions in rights:
        if placement != own:
            yield from each(own, placement.account, target, permissions, origin, grantable=True)
        yield from each(placement, role, target, permissions, origin)
    for link in producer_links(product, placement.account) if placement != own else ():
        yield from each(placement, role, link, ("DESCRIBE",), origin)


def quality_grants(mesh: Mesh, product: Product) -> Iterable[WantedGrant]:
    """What the role of a product's quality runs needs: it reads all of it."""
    account, catalog, origin = mesh.producer(mesh.domain(product)), mesh.central.id, product.at("tables")
    placement, role = placements.of_account(mesh, account), quality_role_arn(mesh, product)
    for database in on_databases(mesh, product):
        yield from each(placement, role, database, ("DESCRIBE",), origin)
    yield from each(placement, role, on_tables(mesh, product), ("DESCRIBE", "SELECT"), origin)
    for link in producer_links(product, account.id) if account.id != catalog else ():
        yield from each(placement, role, link, ("DESCRIBE",), origin)


def quality_role_name(mesh: Mesh, product: Product) -> str:
    """Name of the role of a product's quality runs."""
    return work_role(mesh.name, "quality", product.name)


def quality_role_arn(mesh: Mesh, product: Product) -> str:
    """ARN of the role of a product's quality runs, in its producer's account."""
    return iam_arn(mesh, mesh.producer(mesh.domain(product)), own_role(mesh, quality_role_name(mesh, product)))
