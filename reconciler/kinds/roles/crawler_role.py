"""The role of a product's crawler: it reads by Lake Formation's leave and writes the product's metadata."""

from __future__ import annotations

from reconciler.kinds.common.policy_document import VERSION
from reconciler.kinds.glue.crawls import crawl_placement, crawler_role_name
from reconciler.kinds.roles.policy_statements import ask_lake_formation, catalog_resources, write_the_log
from reconciler.kinds.roles.wanted_role import WantedRole, trust
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh


def crawler_role(mesh: Mesh, product: Product) -> WantedRole:
    """No rights in S3: Lake Formation hands out credentials for the product's files.

    https://docs.aws.amazon.com/glue/latest/dg/crawler-lf-integ.html
    """
    placement = crawl_placement(mesh, product)
    creating = ["glue:CreateTable"] if product.crawler and product.crawler.path is not None else []
    statements = [
        ask_lake_formation(),
        {
            "Sid": "KeepTheTables",
            "Effect": "Allow",
            "Action": [
                "glue:BatchCreatePartition",
                "glue:BatchGetPartition",
                "glue:BatchUpdatePartition",
                "glue:GetDatabase",
                "glue:GetPartition",
                "glue:GetPartitions",
                "glue:GetTable",
                "glue:GetTables",
                "glue:UpdatePartition",
                "glue:UpdateTable",
                *creating,
            ],
            "Resource": catalog_resources(mesh, product),
        },
        write_the_log(mesh, placement.account, "/aws-glue/crawlers"),
    ]
    return WantedRole(
        placement,
        crawler_role_name(mesh, product),
        trust(services=["glue.amazonaws.com"]),
        {"Version": VERSION, "Statement": statements},
        product.at("crawler"),
    )
