"""Crawls: which crawlers a product asks for, in which account each of them runs, and as whom.

| what is crawled     | crawlers    | where               | why                                            |
|---------------------|-------------|---------------------|------------------------------------------------|
| the declared tables | one a table | the central account | with Lake Formation's credentials Glue takes   |
|                     |             |                     | one table, and only in the table's own account |
| a path              | one         | the producer's      | it may be crawled from there, into a link      |

https://docs.aws.amazon.com/glue/latest/dg/crawler-lf-integ.html
"""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.address import Placement
from reconciler.spec import placements
from reconciler.spec.documents.product import Product
from reconciler.spec.limits import GLUE_NAME
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import fitted, iam_arn, own_role, work_role


@dataclass(frozen=True, slots=True)
class Crawl:
    """A crawler of a product: its name, where it runs, and the table that it keeps (empty: whatever is at the path)."""

    placement: Placement
    name: str
    table: str


def crawls_of(mesh: Mesh, product: Product) -> tuple[Crawl, ...]:
    """The crawlers of a product; none where it asks for none."""
    if product.crawler is None:
        return ()
    where = crawl_placement(mesh, product)
    if product.crawler.path is not None:
        return (Crawl(where, f"meshform-{mesh.name}-{product.name}", ""),)
    prefix = crawls_prefix(mesh, product)
    crawled = (table.name for table in product.tables if table.format != "view")
    return tuple(Crawl(where, fitted(f"{prefix}{name}", GLUE_NAME), name) for name in crawled)


def crawls_prefix(mesh: Mesh, product: Product) -> str:
    """How the names of crawlers of a product's tables begin, and nobody else's: names of products have no dot."""
    return f"meshform-{mesh.name}-{product.name}."


def crawl_placement(mesh: Mesh, product: Product) -> Placement:
    """Where a product is crawled."""
    by_path = product.crawler is not None and product.crawler.path is not None
    return placements.of_product(mesh, product) if by_path else placements.of_database(mesh, product)


def crawler_role_name(mesh: Mesh, product: Product) -> str:
    """Name of the role of a product's crawlers."""
    return work_role(mesh.name, "crawl", product.name)


def crawler_role_arn(mesh: Mesh, product: Product) -> str:
    """ARN of the role of a product's crawlers, where they run."""
    account = mesh.account_by_id(crawl_placement(mesh, product).account)
    assert account is not None, "crawlers run in accounts of the mesh"
    return iam_arn(mesh, account, own_role(mesh, crawler_role_name(mesh, product)))
