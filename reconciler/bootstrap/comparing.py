"""Comparing: what is deployed of a template, and what not; without a change of anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.bootstrap.comparing_queues import queue_differences
from reconciler.bootstrap.difference_lines import changed, said
from reconciler.bootstrap.filled import filled
from reconciler.bootstrap.policies import Document


@dataclass(frozen=True, slots=True)
class Deployed:
    """What an account has: roles as `GetAccountAuthorizationDetails` tells them, the documents of its managed policies
    by ARN, settings of buckets by bucket and name, key policies by alias, aliases of keys that are rotated, audiences
    of identity providers by issuer, settings of queues by queue and name, and in which partition it is.
    """

    roles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    policies: Mapping[str, Document] = field(default_factory=dict)
    buckets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    keys: Mapping[str, Document] = field(default_factory=dict)
    rotated: frozenset[str] = frozenset()
    providers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    queues: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    partition: str = "aws"


def differences(template: Mapping[str, Any], found: Deployed) -> Iterator[str]:
    """What deploying the template would bring (`+`), take away (`-`) and change (`~`), a line each."""
    resources = template["Resources"]
    for name, each in resources.items():
        properties = each["Properties"]
        match each["Type"]:
            case "AWS::IAM::Role":
                yield from _role(properties, resources, found)
            case "AWS::IAM::ManagedPolicy" if "ManagedPolicyName" in properties:
                yield from _policy(properties, found)
            case "AWS::S3::Bucket":
                yield from _bucket(name, resources, found)
            case "AWS::KMS::Alias" if properties["AliasName"] not in found.keys:
                yield f"+ key {properties['AliasName']}"
            case "AWS::KMS::Alias":
                yield from _key(properties["AliasName"], resources[properties["TargetKeyId"]["Ref"]], found)
            case "AWS::IAM::OIDCProvider":
                yield from _provider(properties, found)
            case "AWS::SQS::Queue":
                yield from queue_differences(name, resources, found.queues.get(properties["QueueName"]))


def _role(wanted: Mapping[str, Any], resources: Mapping[str, Any], found: Deployed) -> Iterator[str]:
    name = wanted["RoleName"]
    what, there = f"role {name}", found.roles.get(name)
    if there is None:
        yield f"+ {what}"
        return
    yield from changed(what, "Path", wanted.get("Path", "/"), there.get("Path"))
    yield from changed(what, "MaxSessionDuration", wanted["MaxSessionDuration"], there.get("MaxSessionDuration", 3600))
    yield from changed(what, "Tags", _tags(wanted), _tags(there))
    bound = there.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    if bound is not None:
        yield f"- {what}: the boundary {bound}"
    trusts = [wanted["AssumeRolePolicyDocument"]], [there["AssumeRolePolicyDocument"]]
    yield from said(f"trust of the {what}", *trusts)
    attached = [each["PolicyArn"] for each in there.get("AttachedManagedPolicies", ())]
    yield from (f"- {what}: the policy {arn}" for arn in attached if arn not in found.policies)
    has = [*(found.policies[arn] for arn in attached if arn in found.policies)]
    has += [each["PolicyDocument"] for each in there.get("RolePolicyList", ())]
    needs = [resources[each["Ref"]]["Properties"]["PolicyDocument"] for each in wanted["ManagedPolicyArns"]]
    yield from said(what, needs, has)


def _policy(wanted: Mapping[str, Any], found: Deployed) -> Iterator[str]:
    name = wanted["ManagedPolicyName"]
    there = next((each for arn, each in found.policies.items() if arn.endswith(f":policy/{name}")), None)
    if there is None:
        yield f"+ policy {name}"
    else:
        yield from said(f"policy {name}", [wanted["PolicyDocument"]], [there])


def _bucket(name: str, resources: Mapping[str, Mapping[str, Any]], found: Deployed) -> Iterator[str]:
    wanted = resources[name]["Properties"]
    bucket = wanted["BucketName"]
    what, there = f"bucket {bucket}", found.buckets.get(bucket)
    if there is None:
        yield f"+ {what}"
        return
    for key in (
        "VersioningConfiguration",
        "BucketEncryption",
        "PublicAccessBlockConfiguration",
        "OwnershipControls",
        "LifecycleConfiguration",
        "ObjectLockConfiguration",
    ):
        # What was locked by choice stays locked: no deployment takes it away.
        if key in wanted or key != "ObjectLockConfiguration":
            yield from changed(what, key, wanted.get(key), there.get(key))
    arns = {name: f"arn:{found.partition}:s3:::{bucket}"}
    needs = filled(resources[f"{name}Policy"]["Properties"]["PolicyDocument"], arns)
    yield from said(what, [needs], [there["Policy"]] if there.get("Policy") else [])


def _key(alias: str, wanted: Mapping[str, Any], found: Deployed) -> Iterator[str]:
    own, what = wanted["Properties"], f"key {alias}"
    yield from said(what, [own["KeyPolicy"]], [found.keys[alias]])
    if own.get("EnableKeyRotation"):
        yield from changed(what, "EnableKeyRotation", True, alias in found.rotated)


def _provider(wanted: Mapping[str, Any], found: Deployed) -> Iterator[str]:
    """Others may use it with audiences of theirs: the trust of each role says which it takes."""
    issuer = wanted["Url"].removeprefix("https://")
    if issuer not in found.providers:
        yield f"+ identity provider {issuer}"
        return
    missing = sorted({*wanted["ClientIdList"]} - found.providers[issuer])
    yield from (f"+ identity provider {issuer}: the audience {each}" for each in missing)


def _tags(row: Mapping[str, Any]) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in row.get("Tags", ())}
