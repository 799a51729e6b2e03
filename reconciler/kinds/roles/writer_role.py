"""The role of a writer that the mesh makes: it changes the product's tables; files by Lake Formation's leave."""

from __future__ import annotations

from reconciler.kinds.common.policy_document import VERSION
from reconciler.kinds.roles.policy_statements import ask_lake_formation, catalog_resources, write_the_log
from reconciler.kinds.roles.wanted_role import WantedRole, trust
from reconciler.model.origin import Origin
from reconciler.spec import placements
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.writer import Writer
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition

TABLES = (
    "glue:BatchCreatePartition",
    "glue:BatchDeletePartition",
    "glue:BatchGetPartition",
    "glue:BatchUpdatePartition",
    "glue:CreatePartition",
    "glue:CreateTable",
    "glue:DeletePartition",
    "glue:DeleteTable",
    "glue:GetDatabase",
    "glue:GetDatabases",
    "glue:GetPartition",
    "glue:GetPartitions",
    "glue:GetTable",
    "glue:GetTables",
    "glue:UpdatePartition",
    "glue:UpdateTable",
)
"""What an engine asks Glue for; Lake Formation's permissions decide what it may."""


def writer_role(mesh: Mesh, product: Product, writer: Writer, origin: Origin) -> WantedRole:
    """No rights in S3: Lake Formation hands out credentials for the product's files.

    https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-underlying-data.html
    """
    placement = placements.of_product(mesh, product)
    catalog = {
        "Sid": "WriteTheTables",
        "Effect": "Allow",
        "Action": list(TABLES),
        "Resource": catalog_resources(mesh, product),
    }
    named = writer.trust or (f"arn:{partition(mesh.region)}:iam::{placement.account}:root",)
    services = {name for name in named if ".amazonaws.com" in name}
    return WantedRole(
        placement,
        writer.role,
        trust(people=set(named) - services, services=services),
        {
            "Version": VERSION,
            "Statement": [ask_lake_formation(), catalog, write_the_log(mesh, placement.account, "/aws-glue")],
        },
        origin,
    )
