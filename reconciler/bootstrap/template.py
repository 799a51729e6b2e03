"""The CloudFormation template of one account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.bootstrap.actions import Duty
from reconciler.bootstrap.statements import role_name, statements
from reconciler.bootstrap.trust import Trusted, trust_policy
from reconciler.kinds import AnyKind
from reconciler.kinds.common.marks import aws_tags
from reconciler.spec.documents.account import Account
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition

Template = dict[str, Any]


def template(mesh: Mesh, account: Account, trusted: Trusted, kinds: Mapping[str, AnyKind]) -> Template:
    """Roles of plan and apply, and in the central account the key that encrypts notices."""
    resources: dict[str, Any] = {
        "PlanRole": _role(mesh, account, "plan", trusted, kinds),
        "ApplyRole": _role(mesh, account, "apply", trusted, kinds),
    }
    alias = mesh.settings.notification_key or ""
    if account == mesh.central and alias.startswith("alias/"):
        resources |= _key(mesh, alias)
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Roles with which Meshform keeps the mesh {mesh.name} in the account {account.name}",
        "Resources": resources,
        "Outputs": {
            "PlanRoleArn": {"Value": {"Fn::GetAtt": ["PlanRole", "Arn"]}},
            "ApplyRoleArn": {"Value": {"Fn::GetAtt": ["ApplyRole", "Arn"]}},
        },
    }


def _role(mesh: Mesh, account: Account, duty: Duty, trusted: Trusted, kinds: Mapping[str, AnyKind]) -> dict[str, Any]:
    does = "reads what the mesh says of AWS" if duty == "plan" else "makes AWS as the mesh says"
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": role_name(mesh, duty),
            "Description": f"Meshform {does}",
            "MaxSessionDuration": 3600,
            "AssumeRolePolicyDocument": trust_policy(mesh, account, duty, trusted),
            "Policies": [
                {
                    "PolicyName": f"meshform-{duty}",
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": statements(mesh, account, duty, kinds),
                    },
                }
            ],
            "Tags": _tags(mesh),
        },
    }


def _key(mesh: Mesh, alias: str) -> dict[str, Any]:
    """EventBridge cannot publish into a topic under a key that AWS manages.

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
                            "Condition": {"StringEquals": {"aws:SourceAccount": mesh.central.id}},
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
