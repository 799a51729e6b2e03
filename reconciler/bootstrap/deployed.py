"""Deployed: what an account has of what bootstrap prints, read as the role of plan."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from reconciler.bootstrap.comparing import Deployed
from reconciler.bootstrap.deployed_queues import queue
from reconciler.model.address import Placement
from reconciler.model.reader import Reader
from reconciler.spec.names import partition

T = TypeVar("T")
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
    request = {"Filter": ["Role", "LocalManagedPolicy"], "MaxItems": 1000}
    what = "GetAccountAuthorizationDetails"
    roles = {each["RoleName"]: each for each in reader.pages(place, "iam", what, request, items="RoleDetailList")}
    policies = {
        each["Arn"]: version["Document"]
        for each in reader.pages(place, "iam", what, request, items="Policies")
        for version in each["PolicyVersionList"]
        if version["IsDefaultVersion"]
    }
    resources = template["Resources"]
    properties = [each["Properties"] for each in resources.values()]

    def there(key: str, look: Callable[[Reader, Placement, str], T | None]) -> dict[str, T]:
        """What is found of each thing that the template names by this property."""
        looked = {each[key]: look(reader, place, each[key]) for each in properties if key in each}
        return {name: found for name, found in looked.items() if found is not None}

    keys = there("AliasName", _key_id)
    wanted = {each["AliasName"]: resources[each["TargetKeyId"]["Ref"]] for each in properties if "AliasName" in each}
    return Deployed(
        roles,
        policies,
        there("BucketName", _bucket),
        {alias: _key_policy(reader, place, key) for alias, key in keys.items()},
        frozenset(
            alias
            for alias, key in keys.items()
            if wanted[alias]["Properties"].get("EnableKeyRotation") and _is_rotated(reader, place, key)
        ),
        {url.removeprefix("https://"): audiences for url, audiences in there("Url", _audiences).items()},
        there("QueueName", queue),
        partition(place.region),
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


def _key_id(reader: Reader, place: Placement, alias: str) -> str | None:
    """The key behind an alias, which is no key id of other requests.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html
    """
    found = reader.read(place, "kms", "DescribeKey", {"KeyId": alias}, absent=("NotFoundException",))
    return None if found is None else str(found["KeyMetadata"]["KeyId"])


def _key_policy(reader: Reader, place: Placement, key: str) -> dict[str, Any]:
    answer = reader.read(place, "kms", "GetKeyPolicy", {"KeyId": key, "PolicyName": "default"})
    assert answer is not None
    return _parsed(answer["Policy"])


def _is_rotated(reader: Reader, place: Placement, key: str) -> bool:
    """A key without rotation at all, as one of two halves, is one that is not rotated."""
    absent = ("UnsupportedOperationException",)
    answer = reader.read(place, "kms", "GetKeyRotationStatus", {"KeyId": key}, absent=absent)
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
