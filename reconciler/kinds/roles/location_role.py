"""The role with which Lake Formation reads and writes the files of one domain."""

from __future__ import annotations

from typing import Any

from reconciler.kinds.common.policy_document import VERSION, literal
from reconciler.kinds.roles.wanted_role import WantedRole, trust
from reconciler.spec import placements
from reconciler.spec.documents.domain import Domain
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import domain_bucket, domain_prefix, own_role, partition, work_role


def register_role_name(mesh: Mesh, domain: Domain) -> str:
    """Name of the role with which a domain's location is registered."""
    return work_role(mesh.name, "register", domain.name)


def register_role_names() -> str:
    """A pattern of all such names."""
    return "register-*"


def register_role_arn(mesh: Mesh, domain: Domain) -> str:
    """ARN of the role with which a domain's location is registered; it lives in the central account."""
    name = own_role(mesh, register_role_name(mesh, domain))
    return f"arn:{partition(mesh.region)}:iam::{mesh.central.id}:role/{name}"


def register_role(mesh: Mesh, domain: Domain) -> WantedRole:
    """The role with which Lake Formation reads and writes the files of one domain, and nothing else.

    https://docs.aws.amazon.com/lake-formation/latest/dg/registration-role.html
    """
    arn = f"arn:{partition(mesh.region)}:s3:::{literal(domain_bucket(mesh, domain))}"
    prefix = literal(domain_prefix(domain))
    listing: dict[str, Any] = {"Sid": "ListTheDomain", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": arn}
    if prefix:
        listing["Condition"] = {"StringLike": {"s3:prefix": [prefix, f"{prefix}*"]}}
    statements = [
        listing,
        {
            "Sid": "ReadAndWriteTheDomain",
            "Effect": "Allow",
            "Action": ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            "Resource": f"{arn}/{prefix}*",
        },
    ]
    if domain.kms_key:
        statements.append(
            {
                "Sid": "UseTheKey",
                "Effect": "Allow",
                "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
                "Resource": literal(domain.kms_key),
            }
        )
    return WantedRole(
        placements.of_location(mesh, domain),
        register_role_name(mesh, domain),
        trust(services=["lakeformation.amazonaws.com"], source_identity=mesh.settings.audit.source_identity),
        {"Version": VERSION, "Statement": statements},
        domain.origin,
    )
