"""Which IAM actions a role needs in an account: those that kinds and work on request declare, and no others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from reconciler.kinds import AnyKind, on_demand_jobs
from reconciler.kinds.common import tag_index
from reconciler.kinds.roles.permissions_boundary import is_bootstrapped
from reconciler.measures.kind import MeasureKind
from reconciler.spec.documents.account import Account
from reconciler.spec.mesh import Mesh

Duty = Literal["plan", "apply", "keep"]
"""To read, to write, and to keep evidence: the last is a role of the central account alone, and reads by plan's."""


EXAMINATION = (
    "glue:GetDataCatalogEncryptionSettings",
    "iam:SimulatePrincipalPolicy",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "lakeformation:ListDataCellsFilter",
    "lakeformation:ListLakeFormationOptIns",
    "lakeformation:ListPermissions",
    "organizations:DescribeOrganization",
    "ram:GetResourceShareAssociations",
    "ram:GetResourceShareInvitations",
    "s3:ListBucket",
    "servicequotas:ListServiceQuotas",
)
"""What `meshform doctor` reads as the role of plan, besides what plans read."""

CHECK = (
    "iam:GetAccountAuthorizationDetails",
    "iam:GetOpenIDConnectProvider",
    "kms:GetKeyRotationStatus",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketPolicy",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketVersioning",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
)
"""What `meshform bootstrap --check` reads: the roles of each account, and of the central one everything else."""
_OF_EACH = "iam:GetAccountAuthorizationDetails"

MEASURE = MeasureKind()
"""What snapshots and `meshform promises` read besides."""

HISTORY = ("cloudtrail:LookupEvents",)
"""What `meshform drift` asks for who changed what it found."""


def duties(mesh: Mesh, account: Account) -> tuple[Duty, ...]:
    """What there is a role for in an account."""
    return ("plan", "apply", "keep") if account == mesh.central and is_bootstrapped(mesh) else ("plan", "apply")


def actions(mesh: Mesh, account: Account, duty: Duty, kinds: Mapping[str, AnyKind]) -> tuple[str, ...]:
    """The actions of a role, sorted. The role of apply reads as well: it plans again before it writes."""
    if duty == "keep":
        return ()
    found: set[str] = set(tag_index.READS)
    for kind in kinds.values():
        if any(placement.account == account.id for placement in kind.placements(mesh)):
            found.update(kind.reads)
        if duty == "apply" and (kind.written_by or kind.parts).intersection(account.parts):
            found.update(kind.writes)
    if "producer" in account.parts:
        found.update(on_demand_jobs.READS)
        if duty == "apply":
            found.update(on_demand_jobs.WRITES)
    if duty == "plan":
        if any(placement.account == account.id for placement in MEASURE.placements(mesh)) or account == mesh.central:
            found.update(MEASURE.reads)
        found.update(EXAMINATION)
        found.update(each for each in CHECK if account == mesh.central or each == _OF_EACH)
    if duty == "plan" or mesh.settings.drift.heal.kinds:
        # A job that heals is the role of apply and no other.
        found.update(HISTORY)
    return tuple(sorted(found))
