"""What a Lake Formation grant puts into a resource share: its kind, Glue ARNs and managed permissions."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.services.lakeformation.resources import CellsFilter, Columns, Database, Policy, Resource, Table

if TYPE_CHECKING:
    from reconciler.sandbox.services.ram.shares import Share

PERMISSIONS: dict[str, tuple[str, ...]] = {
    "DATABASE": ("GlueDatabaseReadWrite", "GlueDatabaseReadWriteForCatalog"),
    "TABLE": ("GlueTableReadWrite", "GlueTableReadWriteForDatabase", "GlueTableReadWriteForCatalog"),
    "ALL_TABLES": ("GlueAllTablesReadWriteForDatabase", "GlueAllTablesReadWriteForCatalog"),
    "TAG_DATABASE": ("LFTagGlueDatabaseReadWrite", "LFTagGlueDatabaseReadWriteForCatalog"),
    "TAG_TABLE": ("LFTagGlueTableReadWrite", "LFTagGlueTableReadWriteForDatabase", "LFTagGlueTableReadWriteForCatalog"),
}
"""The names of RAM's managed permissions, without their AWSRAMPermission prefix, by kind of share."""


def kind(resource: Resource) -> str | None:
    """The kind of share that carries a resource; None if RAM has no part in it (LF-tags, locations)."""
    match resource:
        case Database():
            return "DATABASE"
        case Table(name=None) | Columns(table=None):
            return "ALL_TABLES"
        case Table() | Columns() | CellsFilter():
            return "TABLE"
        case Policy(kind=of):
            return f"TAG_{of}"
        case _:
            return None


def arns(resource: Resource, region: str, version: int) -> list[str]:
    """The Glue ARNs in the share, what is shared itself last. From version 5 on tables are wildcards."""
    stem = f"arn:aws:glue:{region}:{resource.catalog}:"
    catalog = f"{stem}catalog"
    match resource:
        case Database(_, name):
            return [catalog, f"{stem}database/{name}"]
        case Table(_, database, table) | Columns(_, database, table) | CellsFilter(_, database, table):
            leaf = "*" if table is None or version >= 5 else table
            return [catalog, f"{stem}database/{database}", f"{stem}table/{database}/{leaf}"]
        case Policy(kind="DATABASE"):
            return [catalog, f"{stem}database/*"]
        case Policy():
            return [catalog, f"{stem}database/*", f"{stem}table/*/*"]
        case _:
            return []


def permission_arns(share_kind: str, version: int) -> tuple[str, ...]:
    """The permission for what is shared first; since version 3 that one is Lake Formation's own (recorded)."""
    first, *above = PERMISSIONS[share_kind]
    prefix = "AWSRAMLFEnabled" if version >= 3 and not first.startswith("LFTag") else "AWSRAMPermission"
    names = [f"{prefix}{first}", *(f"AWSRAMPermission{name}" for name in above)]
    return tuple(f"arn:aws:ram::aws:permission/{name}" for name in names)


def resource_type(arn: str) -> str:
    """`glue:Database` for a database's ARN, and so on."""
    return "glue:" + arn.split(":", 5)[5].split("/")[0].capitalize()


def allows_sharing(policy: str | None) -> bool:
    """Whether a Glue resource policy lets RAM share; without a policy it may (hybrid-cross-account)."""
    return policy is None or any(
        "ram.amazonaws.com" in _listed(_principal(statement, "Service"))
        and _acts(statement, "glue:ShareResource")
        and statement.get("Effect") == "Allow"
        for statement in _statements(policy)
    )


def allows_tags(policy: str | None, account: str) -> bool:
    """Whether a Glue resource policy admits an account by LF-tags, as versions 1 and 2 need it."""
    names = {account, f"arn:aws:iam::{account}:root"}
    return policy is not None and any(
        names & set(_listed(_principal(statement, "AWS")))
        and "true"
        in str(statement.get("Condition", {}).get("Bool", {}).get("glue:EvaluatedByLakeFormationTags")).lower()
        and statement.get("Effect") == "Allow"
        for statement in _statements(policy)
    )


def _statements(policy: str) -> list[dict[str, Any]]:
    found = json.loads(policy).get("Statement", [])
    return found if isinstance(found, list) else [found]


def _principal(statement: dict[str, Any], kind: str) -> Any:
    principal = statement.get("Principal", {})
    return principal.get(kind, []) if isinstance(principal, dict) else [principal]


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _acts(statement: dict[str, Any], action: str) -> bool:
    names = [name.lower() for name in _listed(statement.get("Action", []))]
    return any(name in (action.lower(), "glue:*", "*") for name in names)


def glue_policy(share: Share) -> dict[str, Any]:
    """The Glue resource policy that RAM makes for a share, as GetResourcePolicies lists it."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": sorted(share.principals)},
        "Action": ["glue:Get*", "glue:SearchTables"],
        "Resource": sorted(share.resources),
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, sort_keys=True)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return {"PolicyInJson": text, "PolicyHash": digest, "CreateTime": share.created, "UpdateTime": share.updated}
