"""The role of a product's quality runs: it reads the tables by Lake Formation's leave and writes nothing of them."""

from __future__ import annotations

from reconciler.kinds.common.policy_document import VERSION
from reconciler.kinds.roles.policy_statements import ask_lake_formation, catalog_resources, write_the_log
from reconciler.kinds.roles.wanted_role import WantedRole, trust
from reconciler.kinds.sharing.producer_grants import quality_role_name
from reconciler.spec import placements
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition


def quality_role(mesh: Mesh, product: Product) -> WantedRole:
    """The role of Glue Data Quality.

    https://docs.aws.amazon.com/glue/latest/dg/data-quality-authorization.html
    """
    account = mesh.producer(mesh.domain(product)).id
    part, region = partition(mesh.region), mesh.region
    statements = [
        ask_lake_formation(),
        {
            "Sid": "ReadTheCatalog",
            "Effect": "Allow",
            "Action": [
                "glue:GetDatabase",
                "glue:GetPartition",
                "glue:GetPartitions",
                "glue:GetTable",
                "glue:GetTables",
            ],
            "Resource": catalog_resources(mesh, product),
        },
        {
            "Sid": "KnowTheRules",
            "Effect": "Allow",
            "Action": ["glue:GetDataQualityRuleset", "glue:PublishDataQuality"],
            "Resource": f"arn:{part}:glue:{region}:{account}:dataQualityRuleset/*",
        },
        {
            "Sid": "ReadGluesOwnLibrary",
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": f"arn:{part}:s3:::aws-glue-ml-data-quality-assets-{region}/*",
        },
        # This action takes no resource.
        {
            "Sid": "CountRuns",
            "Effect": "Allow",
            "Action": "cloudwatch:PutMetricData",
            "Resource": "*",
            "Condition": {"StringEquals": {"cloudwatch:namespace": "Glue Data Quality"}},
        },
        write_the_log(mesh, account, "/aws-glue/data-quality"),
    ]
    return WantedRole(
        placements.of_product(mesh, product),
        quality_role_name(mesh, product),
        trust(services=["glue.amazonaws.com"]),
        {"Version": VERSION, "Statement": statements},
        product.at("tables"),
    )
