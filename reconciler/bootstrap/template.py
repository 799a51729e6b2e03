"""The CloudFormation template of one account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.bootstrap.actions import Duty, duties
from reconciler.bootstrap.evidence_bucket import evidence_bucket, evidence_key
from reconciler.bootstrap.policies import policies
from reconciler.bootstrap.statements import Statement, role, role_name, statements
from reconciler.bootstrap.trial import trial_statements
from reconciler.bootstrap.trust import Trusted, provider, trust_policy
from reconciler.errors import MeshformError
from reconciler.kinds import AnyKind
from reconciler.kinds.common.marks import aws_tags, role_path
from reconciler.kinds.roles.permissions_boundary import boundary, boundary_name, is_bootstrapped
from reconciler.spec.documents.account import Account
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition

Template = dict[str, Any]

_DOES: Mapping[Duty, str] = {
    "plan": "reads what the mesh says of AWS",
    "apply": "makes AWS as the mesh says",
    "keep": "keeps evidence of what AWS has",
}


def template(
    mesh: Mesh,
    account: Account,
    trusted: Trusted,
    kinds: Mapping[str, AnyKind],
    *,
    trial: bool = False,
    lock_days: int | None = None,
) -> Template:
    """Roles of plan and apply, the boundary of all that apply makes; in the central account also the role that keeps
    evidence, the key of notices and the bucket of the evidence, which keeps every version for `lock_days`.

    `trial`: with the rights that `meshform doctor --trial` needs besides.

    Raises MeshformError where a role of mesh.yaml lies among those that apply itself may change.
    """
    more = {"apply": trial_statements(mesh, account)} if trial else {}
    made_for = duties(mesh, account)
    resources: dict[str, Any] = {}
    for duty in made_for:
        resources |= _role(mesh, account, duty, trusted, kinds, *more.get(duty, ()))
    if is_bootstrapped(mesh) and mesh.settings.roles.boundary is None:
        resources["Boundary"] = {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "ManagedPolicyName": boundary_name(mesh),
                "Description": f"The most that roles may do which Meshform makes for the mesh {mesh.name}",
                "PolicyDocument": dict(boundary(mesh, account)),
            },
        }
    alias = mesh.settings.notification_key or ""
    if account == mesh.central and alias.startswith("alias/"):
        resources |= _key(mesh, alias)
    if account == mesh.central:
        resources |= evidence_bucket(mesh, lock_days) | evidence_key(mesh)
    forge = provider(trusted) if account == mesh.central else {}
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Roles with which Meshform keeps the mesh {mesh.name} in the account {account.name}",
        **forge,
        "Resources": {**resources, **forge.get("Resources", {})},
        "Outputs": {
            f"{duty.title()}RoleArn": {"Value": {"Fn::GetAtt": [f"{duty.title()}Role", "Arn"]}} for duty in made_for
        },
    }


def _role(
    mesh: Mesh, account: Account, duty: Duty, trusted: Trusted, kinds: Mapping[str, AnyKind], *more: Statement
) -> dict[str, Any]:
    """A role and its policies. Managed ones, since a role's own take 10,240 characters in all."""
    name = role(mesh, duty)
    if f"/{name}".startswith(role_path(mesh)):
        raise MeshformError(
            f"{mesh.settings.at('roles')}: the role {name} would lie among the roles that Meshform makes and may "
            f"change. Give it another path than {role_path(mesh)}."
        )
    does = _DOES[duty]
    title = duty.title()
    made = {
        f"{title}Policy{number}": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"Description": f"Meshform {does} ({number})", "PolicyDocument": document},
        }
        for number, document in enumerate(policies([*statements(mesh, account, duty, kinds), *more]), 1)
    }
    path = name.rpartition("/")[0]
    return {
        f"{title}Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "RoleName": role_name(mesh, duty),
                **({"Path": f"/{path}/"} if path else {}),
                "Description": f"Meshform {does}",
                "MaxSessionDuration": 3600,
                "AssumeRolePolicyDocument": trust_policy(mesh, account, duty, trusted),
                "ManagedPolicyArns": [{"Ref": policy} for policy in made],
                "Tags": _tags(mesh),
            },
        },
        **made,
    }


def _key(mesh: Mesh, alias: str) -> dict[str, Any]:
    """EventBridge cannot publish into a topic under a key that AWS manages.

    It sends no aws:SourceAccount there: a condition on it would lose every notice.
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    account = f"arn:{partition(mesh.region)}:iam::{mesh.central.id}:root"
    return {
        "NoticeKey": {
            "Type": "AWS::KMS::Key",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "Description": f"Encrypts the notices of the mesh {mesh.name}",
                "EnableKeyRotation": True,
                "KeyPolicy": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "kms:*", "Resource": "*"},
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "events.amazonaws.com"},
                            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
                            "Resource": "*",
                        },
                    ],
                },
                "Tags": _tags(mesh),
            },
        },
        "NoticeKeyAlias": {
            "Type": "AWS::KMS::Alias",
            "Properties": {"AliasName": alias, "TargetKeyId": {"Ref": "NoticeKey"}},
        },
    }


def _tags(mesh: Mesh) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(aws_tags(mesh).items())]
