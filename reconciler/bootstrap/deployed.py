"""Deployed: what an account has of what bootstrap prints, read as the role of plan."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from reconciler.bootstrap.comparing import Deployed
from reconciler.bootstrap.deployed_queues import queue
from reconciler.model.address import Placement
from reconciler.model.reader import Reader
from reconciler.spec.names import partition

_SETTINGS = {
    "BucketEncryption": ("GetBucketEncryption", "ServerSideEncryptionConfigurationNotFoundError"),
    "PublicAccessBlockConfiguration": ("GetPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration"),
    "OwnershipControls": ("GetBucketOwnershipControls", "OwnershipControlsNotFoundError"),
    "LifecycleConfiguration": ("GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration"),
    "ObjectLockConfiguration": ("GetObjectLockConfiguration", "ObjectLockConfigurationNotFoundError"),
}
"""Settings of a bucket, named as CloudFormation does: what tells them, and the error where there are none."""


def deployed(reader: Reader, place: Placement, template: Mapping[str, Any]) -> Deployed:
    """What is there of the things that a template names. Raises Unseen where the account does not let it be read."""
    names = [each["Properties"] for each in template["Resources"].values()]
    request = {"Filter": ["Role", "LocalManagedPolicy"], "MaxItems": 1000}
    what = "GetAccountAuthorizationDetails"
    roles = {each["RoleName"]: each for each in reader.pages(place, "iam", what, request, items="RoleDetailList")}
    policies = {
        each["Arn"]: version["Document"]
        for each in reader.pages(place, "iam", what, request, items="Policies")
        for version in each["PolicyVersionList"]
        if version["IsDefaultVersion"]
    }
    buckets = {each["BucketName"]: _bucket(reader, place, each["BucketName"]) for each in names if "BucketName" in each}
    keys = {each["AliasName"]: _key(reader, place, each["AliasName"]) for each in names if "AliasName" in each}
    providers = {each["Url"]: _audiences(reader, place, each["Url"]) for each in names if "ClientIdList" in each}
    queues = {each["QueueName"]: queue(reader, place, each["QueueName"]) for each in names if "QueueName" in each}
    rotating = [
        each["AliasName"]
        for each in names
        if keys.get(each.get("AliasName")) is not None
        and template["Resources"][each["TargetKeyId"]["Ref"]]["Properties"].get("EnableKeyRotation")
    ]
    return Deployed(
        roles,
        policies,
        {name: found for name, found in buckets.items() if found is not None},
        {name: found for name, found in keys.items() if found is not None},
        frozenset(alias for alias in rotating if _is_rotated(reader, place, alias)),
        {url.removeprefix("https://"): found for url, found in providers.items() if found is not None},
        {name: found for name, found in queues.items() if found is not None},
    )


def _bucket(reader: Reader, place: Placement, name: str) -> dict[str, Any] | None:
    """The settings in CloudFormation's words; None where there is no such bucket."""
    versions = reader.read(place, "s3", "GetBucketVersioning", {"Bucket": name}, absent=("NoSuchBucket",))
    if versions is None:
        return None
    found: dict[str, Any] = {"VersioningConfiguration": {"Status": versions.get("Status", "never on")}}
    for key, (operation, absent) in _SETTINGS.items():
        answer = reader.read(place, "s3", operation, {"Bucket": name}, absent=(absent,)) or {}
        found[key] = _as_written(key, answer)
    policy = reader.read(place, "s3", "GetBucketPolicy", {"Bucket": name}, absent=("NoSuchBucketPolicy",))
    found["Policy"] = _parsed(policy["Policy"]) if policy else None
    return found


def _as_written(key: str, answer: Mapping[str, Any]) -> Any:
    """An answer of S3 as CloudFormation would write it."""
    match key:
        case "BucketEncryption":
            rules = answer.get("ServerSideEncryptionConfiguration", {}).get("Rules", ())
            found = [each["ApplyServerSideEncryptionByDefault"] for each in rules]
            return {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": each} for each in found]}
        case "LifecycleConfiguration":
            return {"Rules": [_rule(each) for each in answer.get("Rules", ())]} if answer else None
    return answer.get(key)


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    prefix = rule.get("Filter", {}).get("Prefix") or rule.get("Prefix")
    days = rule.get("Expiration", {}).get("Days")
    return {
        "Id": rule["ID"],
        "Status": rule["Status"],
        **({"Prefix": prefix} if prefix else {}),
        **({"ExpirationInDays": days} if days else {}),
        **{
            key: {name: value for name, value in rule[key].items() if value}
            for key in ("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload")
            if key in rule
        },
    }


def _key(reader: Reader, place: Placement, alias: str) -> dict[str, Any] | None:
    """The policy of the key behind an alias."""
    found = reader.read(place, "kms", "DescribeKey", {"KeyId": alias}, absent=("NotFoundException",))
    if found is None:
        return None
    request = {"KeyId": found["KeyMetadata"]["KeyId"], "PolicyName": "default"}
    answer = reader.read(place, "kms", "GetKeyPolicy", request)
    assert answer is not None
    return _parsed(answer["Policy"])


def _is_rotated(reader: Reader, place: Placement, alias: str) -> bool:
    """An alias is no key id of this request: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html"""
    found = reader.read(place, "kms", "DescribeKey", {"KeyId": alias}) or {}
    # A key without rotation at all, as one of two halves, is one that is not rotated.
    request = {"KeyId": found["KeyMetadata"]["KeyId"]}
    answer = reader.read(place, "kms", "GetKeyRotationStatus", request, absent=("UnsupportedOperationException",))
    return bool((answer or {}).get("KeyRotationEnabled"))


def _audiences(reader: Reader, place: Placement, url: str) -> frozenset[str] | None:
    """The audiences of an identity provider; None where the account has none of this issuer."""
    arn = f"arn:{partition(place.region)}:iam::{place.account}:oidc-provider/{url.removeprefix('https://')}"
    request = {"OpenIDConnectProviderArn": arn}
    found = reader.read(place, "iam", "GetOpenIDConnectProvider", request, absent=("NoSuchEntity",))
    return None if found is None else frozenset(found.get("ClientIDList", ()))


def _parsed(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    return document
