"""The role of somebody who reads: queries in a workgroup of its own, data by Lake Formation's leave."""

from __future__ import annotations

from typing import Any

from reconciler.kinds.common.policy_document import VERSION, literal, only
from reconciler.kinds.roles.training_statements import training_statements
from reconciler.kinds.roles.wanted_role import Document, WantedRole, trust
from reconciler.model.origin import Origin
from reconciler.spec import placements
from reconciler.spec.documents.consumer import Consumer, Principal
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition, principal_arn
from reconciler.spec.results import workgroups_for


def reader_role(mesh: Mesh, consumer: Consumer, principal: Principal, origin: Origin) -> WantedRole:
    """The role of somebody who reads: query in its own workgroup, and let Lake Formation vend the data.

    https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-underlying-data.html
    https://docs.aws.amazon.com/athena/latest/ug/example-policies-workgroup.html
    """
    account = mesh.reader_account(consumer)
    assert account is not None
    part, queries = partition(mesh.region), placements.of_queries(mesh, consumer)
    regions = sorted({mesh.region, *(each.region for each in queries)})
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
                for region in regions
                for owner in sorted({account.id, mesh.central.id})
                for what in ("catalog", "database/*", "table/*/*")
            ],
        },
    ]
    workgroups = workgroups_for(mesh, consumer, principal)
    if workgroups:
        buckets = [f"arn:{part}:s3:::{literal(name)}" for name in sorted({each.bucket for each in workgroups})]
        prefix = workgroups[0].prefix
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
                "Resource": only(
                    f"arn:{part}:athena:{each.placement.region}:{account.id}:workgroup/{literal(each.name)}"
                    for each in workgroups
                ),
            },
            {
                "Sid": "FindTheBucket",
                "Effect": "Allow",
                "Action": ["s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
                "Resource": only(buckets),
            },
            {
                "Sid": "FindTheCatalog",
                "Effect": "Allow",
                "Action": "athena:GetDataCatalog",
                "Resource": only(
                    f"arn:{part}:athena:{each.region}:{account.id}:datacatalog/AwsDataCatalog" for each in queries
                ),
            },
            {
                "Sid": "FindTheResults",
                "Effect": "Allow",
                "Action": "s3:ListBucket",
                "Resource": only(buckets),
                "Condition": {"StringLike": {"s3:prefix": [literal(prefix), f"{prefix}*"]}},
            },
            {
                "Sid": "ReadAndWriteTheResults",
                "Effect": "Allow",
                "Action": [
                    "s3:AbortMultipartUpload",
                    "s3:GetObject",
                    "s3:ListMultipartUploadParts",
                    "s3:PutObject",
                ],
                "Resource": only(f"{bucket}/{prefix}*" for bucket in buckets),
            },
        ]
    if principal.kind == "sagemaker":
        statements += training_statements(queries, principal_arn(mesh, consumer, principal))
    return WantedRole(
        placements.of_account(mesh, account),
        principal.role or principal.name,
        _trust(principal, account.id, part),
        {"Version": VERSION, "Statement": statements},
        origin,
    )


def _trust(principal: Principal, account: str, part: str) -> Document:
    """Who may assume the role of a reader: those named, else SageMaker or the role's own account.

    Of the services only SageMaker is known to send aws:SourceAccount.
    https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
    """
    named = principal.trust or (
        ("sagemaker.amazonaws.com",) if principal.kind == "sagemaker" else (f"arn:{part}:iam::{account}:root",)
    )
    services = {name for name in named if name.endswith(".amazonaws.com")}
    sends = services == {"sagemaker.amazonaws.com"}
    people, said = set(named) - services, principal.external_id or ""
    return trust(people=people, services=services, account=account if sends else "", external_id=said)
