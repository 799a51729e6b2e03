"""The roles that a mesh asks for, and what each may do: never more than its job, never `*` where a name will do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.kinds.documents import VERSION
from reconciler.kinds.land import central, home
from reconciler.model.address import Cell
from reconciler.model.resource import Origin
from reconciler.spec.documents.consumer import Consumer, Principal
from reconciler.spec.documents.domain import Domain
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import domain_bucket, domain_prefix, own_role, partition, results_bucket, workgroup_name

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WantedRole:
    """A role that the mesh asks for. `trust` and `policy` are IAM policy documents."""

    cell: Cell
    name: str
    trust: Document
    policy: Document
    origin: Origin


def of(mesh: Mesh) -> Iterable[WantedRole]:
    """Every role that the mesh asks for."""
    for domain in mesh.domains.values():
        yield register_role(mesh, domain)
    for consumer in mesh.consumers.values():
        for number, principal in enumerate(consumer.principals):
            if principal.create and mesh.reader_account(consumer) is not None:
                yield reader_role(mesh, consumer, principal, consumer.at("principals", number))


def register_role_name(domain: Domain) -> str:
    """Name of the role with which a domain's location is registered."""
    return f"register-{domain.name}"


def register_role_arn(mesh: Mesh, domain: Domain) -> str:
    """ARN of the role with which a domain's location is registered; it lives in the central account."""
    name = own_role(mesh, register_role_name(domain))
    return f"arn:{partition(mesh.region)}:iam::{mesh.central.id}:role/{name}"


def register_role(mesh: Mesh, domain: Domain) -> WantedRole:
    """The role with which Lake Formation reads and writes the files of one domain, and nothing else.

    https://docs.aws.amazon.com/lake-formation/latest/dg/registration-role.html
    """
    arn = f"arn:{partition(mesh.region)}:s3:::{domain_bucket(mesh, domain)}"
    prefix = domain_prefix(domain)
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
                "Resource": domain.kms_key,
            }
        )
    return WantedRole(
        central(mesh),
        register_role_name(domain),
        _trust_service("lakeformation.amazonaws.com"),
        {"Version": VERSION, "Statement": statements},
        domain.origin,
    )


def reader_role(mesh: Mesh, consumer: Consumer, principal: Principal, origin: Origin) -> WantedRole:
    """The role of somebody who reads: query in the consumer's workgroup, and let Lake Formation vend the data.

    https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-underlying-data.html
    """
    account = mesh.reader_account(consumer)
    assert account is not None
    part, region = partition(mesh.region), mesh.region
    statements: list[dict[str, Any]] = [
        {
            # This action takes no resource; what it gives is decided by Lake Formation's own permissions.
            "Sid": "AskLakeFormation",
            "Effect": "Allow",
            "Action": "lakeformation:GetDataAccess",
            "Resource": "*",
        },
        {
            "Sid": "ReadTheCatalog",
            "Effect": "Allow",
            "Action": [
                "glue:GetDatabase",
                "glue:GetDatabases",
                "glue:GetPartition",
                "glue:GetPartitions",
                "glue:GetTable",
                "glue:GetTables",
            ],
            "Resource": [
                f"arn:{part}:glue:{region}:{owner}:{what}"
                for owner in sorted({account.id, mesh.central.id})
                for what in ("catalog", "database/*", "table/*/*")
            ],
        },
    ]
    workgroup, bucket = workgroup_name(mesh, consumer), results_bucket(mesh, consumer)
    if workgroup and bucket:
        statements += [
            {
                "Sid": "QueryInTheWorkgroup",
                "Effect": "Allow",
                "Action": [
                    "athena:GetQueryExecution",
                    "athena:GetQueryResults",
                    "athena:GetWorkGroup",
                    "athena:ListQueryExecutions",
                    "athena:StartQueryExecution",
                    "athena:StopQueryExecution",
                ],
                "Resource": f"arn:{part}:athena:{region}:{account.id}:workgroup/{workgroup}",
            },
            {
                "Sid": "FindTheResults",
                "Effect": "Allow",
                "Action": ["s3:GetBucketLocation", "s3:ListBucket"],
                "Resource": f"arn:{part}:s3:::{bucket}",
            },
            {
                "Sid": "ReadAndWriteTheResults",
                "Effect": "Allow",
                "Action": ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
                "Resource": f"arn:{part}:s3:::{bucket}/*",
            },
        ]
    return WantedRole(
        home(mesh, account.id),
        principal.role or principal.name,
        _reader_trust(principal, account.id, part),
        {"Version": VERSION, "Statement": statements},
        origin,
    )


def _reader_trust(principal: Principal, account: str, part: str) -> Document:
    """Who may assume the role of a reader: those named, else SageMaker or the role's own account."""
    named = principal.trust or (
        ("sagemaker.amazonaws.com",) if principal.kind == "sagemaker" else (f"arn:{part}:iam::{account}:root",)
    )
    services = sorted(name for name in named if name.endswith(".amazonaws.com"))
    people = sorted(name for name in named if name not in services)
    statements = []
    if services:
        statements.append(_assume({"Service": services}))
    if people:
        statements.append(_assume({"AWS": people}))
    return {"Version": VERSION, "Statement": statements}


def _trust_service(service: str) -> Document:
    return {"Version": VERSION, "Statement": [_assume({"Service": service})]}


def _assume(principal: Document) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
