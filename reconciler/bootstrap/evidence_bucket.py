"""The bucket of evidence, and the key that signs it, in the template of the central account."""

from __future__ import annotations

from typing import Any

from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition

_NOTES_DAYS = 90
"""What a run noted step by step serves until its last entry is written; a killed run is looked into by then."""
_OLD_VERSIONS_DAYS = 400
_PARTS = "parts-of-snapshots/"
"""What several jobs have read of the accounts, until one has put it together (docs/templates)."""
_EXPIRING_PARTS = {"Id": "parts-of-snapshots", "Status": "Enabled", "Prefix": _PARTS, "ExpirationInDays": 1}


def evidence_bucket_name(mesh: Mesh) -> str:
    """The name of a bucket that the template makes; another one in mesh.yaml is somebody's own, and is left alone."""
    return f"{mesh.name}-evidence-{mesh.central.id}"


def evidence_bucket(mesh: Mesh, lock_days: int | None) -> dict[str, Any]:
    """The bucket, kept when the stack goes; nothing where mesh.yaml names another one.

    `lock_days`: nobody can delete or overwrite a version for so long (Object Lock in governance mode).
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
    """
    journal = mesh.settings.journal
    if journal.bucket != evidence_bucket_name(mesh):
        return {}
    locked = {
        "ObjectLockEnabled": True,
        "ObjectLockConfiguration": {
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": lock_days}},
        },
    }
    return {
        "EvidenceBucket": {
            "Type": "AWS::S3::Bucket",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "BucketName": journal.bucket,
                "VersioningConfiguration": {"Status": "Enabled"},
                "PublicAccessBlockConfiguration": {
                    "BlockPublicAcls": True,
                    "BlockPublicPolicy": True,
                    "IgnorePublicAcls": True,
                    "RestrictPublicBuckets": True,
                },
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                "BucketEncryption": {
                    "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
                },
                "LifecycleConfiguration": {
                    "Rules": [
                        {
                            "Id": "notes-of-runs",
                            "Status": "Enabled",
                            "Prefix": f"{journal.prefix}under-way/",
                            "ExpirationInDays": _NOTES_DAYS,
                        },
                        *([] if journal.prefix.startswith(_PARTS) else [_EXPIRING_PARTS]),
                        {
                            "Id": "old-versions",
                            "Status": "Enabled",
                            "NoncurrentVersionExpiration": {"NoncurrentDays": _OLD_VERSIONS_DAYS},
                            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                        },
                    ]
                },
                **(locked if lock_days is not None else {}),
            },
        },
        "EvidenceBucketPolicy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": {"Ref": "EvidenceBucket"},
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Sid": "OnlyByTls",
                            "Effect": "Deny",
                            "Principal": "*",
                            "Action": "s3:*",
                            "Resource": [
                                {"Fn::GetAtt": ["EvidenceBucket", "Arn"]},
                                {"Fn::Sub": "${EvidenceBucket.Arn}/*"},
                            ],
                            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                        }
                    ],
                },
            },
        },
    }


def evidence_alias(mesh: Mesh) -> str:
    """The alias of a key that the template makes; another one in mesh.yaml is somebody's own."""
    return f"alias/{mesh.name}-evidence"


def evidence_key(mesh: Mesh) -> dict[str, Any]:
    """The key that signs reports, kept when the stack goes; nothing where mesh.yaml names another one, or none.

    https://docs.aws.amazon.com/kms/latest/developerguide/symmetric-asymmetric.html
    """
    alias = evidence_alias(mesh)
    if mesh.settings.journal.signing_key != alias:
        return {}
    account = f"arn:{partition(mesh.region)}:iam::{mesh.central.id}:root"
    return {
        "EvidenceKey": {
            "Type": "AWS::KMS::Key",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "Description": f"Signs the reports of the mesh {mesh.name}",
                "KeySpec": "ECC_NIST_P256",
                "KeyUsage": "SIGN_VERIFY",
                "KeyPolicy": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "kms:*", "Resource": "*"}
                    ],
                },
            },
        },
        "EvidenceKeyAlias": {
            "Type": "AWS::KMS::Alias",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {"AliasName": alias, "TargetKeyId": {"Ref": "EvidenceKey"}},
        },
    }
