"""The role of a product's crawler: it reads by Lake Formation's leave and writes the product's metadata."""

from __future__ import annotations

from reconciler.kinds.documents import VERSION
from reconciler.kinds.land import LINK_PREFIX, home
from reconciler.kinds.roles.wanted import WantedRole, trust
from reconciler.kinds.sharing.producing import crawler_role_name
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition


def crawler_role(mesh: Mesh, product: Product) -> WantedRole:
    """No rights in S3: Lake Formation hands out credentials for the product's files.

    https://docs.aws.amazon.com/glue/latest/dg/crawler-lf-integ.html
    """
    account, central = mesh.producer(mesh.domain(product)), mesh.central
    part, region = partition(mesh.region), mesh.region
    names = {(central.id, product.database)}
    if account != central:
        names.add((account.id, f"{LINK_PREFIX}{product.database}"))
    resources = [
        f"arn:{part}:glue:{region}:{owner}:{what}"
        for owner, database in sorted(names)
        for what in ("catalog", f"database/{database}", f"table/{database}/*")
    ]
    creating = ["glue:CreateTable"] if product.crawler and product.crawler.path is not None else []
    statements = [
        {
            # This action takes no resource; what it gives is decided by Lake Formation's own permissions.
            "Sid": "AskLakeFormation",
            "Effect": "Allow",
            "Action": "lakeformation:GetDataAccess",
            "Resource": "*",
        },
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
            "Resource": resources,
        },
        {
            "Sid": "WriteTheLog",
            "Effect": "Allow",
            "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": f"arn:{part}:logs:{region}:{account.id}:log-group:/aws-glue/crawlers*",
        },
    ]
    return WantedRole(
        home(mesh, account.id),
        crawler_role_name(product),
        trust(services=["glue.amazonaws.com"]),
        {"Version": VERSION, "Statement": statements},
        product.at("crawler"),
    )
