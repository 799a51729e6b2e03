"""The permissions boundary: the most that any role of the mesh's making may do, whatever its own policy says."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from reconciler.kinds.common.marks import role_path
from reconciler.kinds.common.policy_document import VERSION
from reconciler.kinds.roles import admin_role
from reconciler.kinds.roles.training_statements import TRAINING
from reconciler.kinds.roles.wanted_role import Document
from reconciler.kinds.roles.writer_role import TABLES
from reconciler.spec import placements
from reconciler.spec.data_places import data_places
from reconciler.spec.documents.account import Account
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition
from reconciler.spec.results import results_buckets

ORGANIZATION_ROLE = "OrganizationAccountAccessRole"
"""What AWS Organizations puts into every account that it creates: it may do everything."""

_LARGEST = 6_144
"""Characters of a managed policy (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)."""
_CATALOG = tuple(sorted({*TABLES, "glue:GetDataQualityRuleset", "glue:PublishDataQuality", "glue:SearchTables"}))
_QUERIES = (
    "athena:GetDataCatalog",
    "athena:GetQueryExecution",
    "athena:GetQueryResults",
    "athena:GetWorkGroup",
    "athena:ListQueryExecutions",
    "athena:StartQueryExecution",
    "athena:StopQueryExecution",
)
_BUCKETS = ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads")
_OBJECTS = (
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
)


def is_bootstrapped(mesh: Mesh) -> bool:
    """Whether the mesh's roles are two of `meshform bootstrap`'s making, not the organization's or one for both."""
    roles = mesh.settings.roles
    return roles.plan != roles.apply and ORGANIZATION_ROLE not in (roles.plan, roles.apply)


def boundary_name(mesh: Mesh) -> str | None:
    """Name of the policy that bounds the roles of the mesh: the one of mesh.yaml, else bootstrap's; None for none."""
    own = f"meshform-{mesh.name}-boundary" if is_bootstrapped(mesh) else None
    return mesh.settings.roles.boundary or own


def boundary_arn(mesh: Mesh, account: str) -> str:
    """ARN of that policy in an account; empty where the mesh's roles have no boundary."""
    name = boundary_name(mesh)
    return f"arn:{partition(mesh.region)}:iam::{account}:policy/{name}" if name else ""


def boundary(mesh: Mesh, account: Account) -> Document:
    """The policy of that name in an account.

    It has no right to change IAM or to become another role, and reaches no bucket but those of the mesh; where these
    have so many names of their own that they do not fit into a policy, any that a role's own policy names.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    part = partition(mesh.region)
    named = [f"arn:{part}:s3:::{bucket}" for bucket in sorted(_buckets(mesh, account))]
    document = _boundary(mesh, account, named, [f"{bucket}/*" for bucket in named])
    if len(json.dumps(document, separators=(",", ":"))) <= _LARGEST:
        return document
    return _boundary(mesh, account, [f"arn:{part}:s3:::*"], [f"arn:{part}:s3:::*"])


def _boundary(mesh: Mesh, account: Account, buckets: list[str], objects: list[str]) -> Document:
    part, regions = partition(mesh.region), [each.region for each in placements.in_account(mesh, account)]
    every = ("catalog", "database/*", "table/*/*", "dataQualityRuleset/*")
    statements: list[dict[str, Any]] = [
        # Lake Formation's own permissions decide what these give.
        _allow("AskLakeFormation", ("lakeformation:GetDataAccess", *admin_role.ACTIONS), ["*"]),
        _allow("UseTheCatalog", _CATALOG, [f"arn:{part}:glue:{each}:*:{what}" for each in regions for what in every]),
        _allow(
            "Query",
            _QUERIES,
            [
                f"arn:{part}:athena:{each}:{account.id}:{sort}/*"
                for each in regions
                for sort in ("datacatalog", "workgroup")
            ],
        ),
        _allow("FindFiles", _BUCKETS, buckets),
        _allow("UseFiles", _OBJECTS, objects),
        _allow(
            "UseKeys",
            ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"),
            [f"arn:{part}:kms:*:*:key/*"],
            # The bytes of files go through S3, which asks for the key in the reader's name.
            {"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}},
        ),
        _allow(
            "TellBuses", ("events:PutEvents",), [f"arn:{part}:events:{mesh.region}:*:event-bus/meshform-{mesh.name}"]
        ),
        _allow(
            "WriteLogs",
            ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
            [
                f"arn:{part}:logs:{each}:{account.id}:log-group:{group}*"
                for each in regions
                for group in ("/aws-glue", "/aws/sagemaker/")
            ],
        ),
        _allow(
            "CountRuns",
            ("cloudwatch:PutMetricData",),
            ["*"],
            {"StringEquals": {"cloudwatch:namespace": "Glue Data Quality"}},
        ),
    ]
    if any(consumer.account == account.name for consumer in mesh.consumers.values()):
        statements += _training(mesh, account, regions)
    return {"Version": VERSION, "Statement": statements}


def _training(mesh: Mesh, account: Account, regions: list[str]) -> list[dict[str, Any]]:
    part = partition(mesh.region)
    images = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
    return [
        _allow("Train", TRAINING, [f"arn:{part}:sagemaker:{each}:{account.id}:*" for each in regions]),
        _allow("PullImages", images, [f"arn:{part}:ecr:{each}:*:repository/sagemaker-*" for each in regions]),
        _allow("SignInToImages", ("ecr:GetAuthorizationToken",), ["*"]),
        _allow(
            "RunAsOwnRoles",
            ("iam:PassRole",),
            [f"arn:{part}:iam::{account.id}:role{role_path(mesh)}*"],
            {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        ),
    ]


def _buckets(mesh: Mesh, account: Account) -> Iterable[str]:
    """The buckets of the mesh that roles of an account use: those of all domains where their roles are, else its own.

    Names of the mesh's own making are told by one pattern.
    """
    domains = mesh.domains.values() if account == mesh.central else mesh.domains_in(account)
    names = {f"{mesh.name}-*", f"aws-glue-ml-data-quality-assets-{mesh.region}"}
    names |= {place.bucket for domain in domains for place in data_places(mesh, domain)}
    names |= {bucket for consumer in mesh.consumers_in(account) for _, bucket in results_buckets(mesh, consumer)}
    for domain in mesh.domains_in(account):
        jobs = (product.curation.glue_job for product in mesh.products_of(domain) if product.curation)
        names |= {job.script.removeprefix("s3://").partition("/")[0] for job in jobs if job}
    return {name for name in names if name == f"{mesh.name}-*" or not name.startswith(f"{mesh.name}-")}


def _allow(sid: str, actions: Iterable[str], resources: list[str], condition: Any = None) -> dict[str, Any]:
    found = {"Sid": sid, "Effect": "Allow", "Action": sorted(set(actions)), "Resource": resources}
    return {**found, "Condition": condition} if condition else found
