"""Statements that roles of Glue's workers share."""

from __future__ import annotations

from typing import Any

from reconciler.kinds.common.policy_document import literal
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import link_name, partition


def ask_lake_formation() -> dict[str, Any]:
    """This action takes no resource; what it gives is decided by Lake Formation's own permissions."""
    return {
        "Sid": "AskLakeFormation",
        "Effect": "Allow",
        "Action": "lakeformation:GetDataAccess",
        "Resource": "*",
    }


def catalog_resources(mesh: Mesh, product: Product) -> list[str]:
    """ARNs of a product's databases and tables, and of the links to them in its producer's account."""
    account, central = mesh.producer(mesh.domain(product)), mesh.central
    names = {(central.id, database) for database in product.databases}
    if account.id != central.id:
        names |= {(account.id, link_name(database)) for database in product.databases}
    return [
        f"arn:{partition(mesh.region)}:glue:{mesh.region}:{owner}:{what}"
        for owner, database in sorted(names)
        for what in ("catalog", f"database/{literal(database)}", f"table/{literal(database)}/*")
    ]


def write_the_log(mesh: Mesh, account: str, group: str) -> dict[str, Any]:
    """Logs of an account under a name such as /aws-glue/crawlers."""
    return {
        "Sid": "WriteTheLog",
        "Effect": "Allow",
        "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"arn:{partition(mesh.region)}:logs:{mesh.region}:{account}:log-group:{group}*",
    }
