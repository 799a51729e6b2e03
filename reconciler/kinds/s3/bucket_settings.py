"""Settings of a bucket: how they are read, and what of others is written back with ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.kinds.common.concurrent_map import concurrent_map
from reconciler.model.address import Placement
from reconciler.model.reader import Reader

BLOCK = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_RULE = "meshform-expire"
_SIZES = "TransitionDefaultMinimumObjectSize"


@dataclass(frozen=True, slots=True)
class Bucket:
    """`encryption` is AES256 or the ARN of a KMS key; `expires` the prefixes below which objects go, each
    with the days after which they do.

    `rules` are other people's lifecycle rules, written back as they are; `tags` those of the whole bucket. `region` is
    where it is; empty for the home region, where nobody asks. `of_data` (wanted side only): a domain's, and not one of
    query results. `rest` is what else there is of encryption (`Encryption`) and lifecycle, for writing it back.
    """

    encryption: str
    blocked: bool
    versioned: bool
    expires: tuple[tuple[str, int], ...]
    tags: tuple[tuple[str, str], ...]
    rules: tuple[Any, ...] = ()
    region: str = ""
    of_data: bool = field(default=False, compare=False)
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)


def encryption_rule(spec: Bucket, rest: Mapping[str, Any]) -> dict[str, Any]:
    """The rule that encrypts new objects; with a key no weaker than it was, and refusing what it refused."""
    rule = rest.get("Encryption", {})
    if spec.encryption == "AES256":
        return {**rule, "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
    there = str(rule.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm", ""))
    how = {"SSEAlgorithm": there if there.startswith("aws:kms") else "aws:kms", "KMSMasterKeyID": spec.encryption}
    # Double-layer encryption takes no bucket key.
    return {**rule, "ApplyServerSideEncryptionByDefault": how, "BucketKeyEnabled": how["SSEAlgorithm"] == "aws:kms"}


def lifecycle(spec: Bucket, rest: Mapping[str, Any]) -> dict[str, Any]:
    """Other people's lifecycle rules, and one of ours for each prefix: what lies elsewhere in the bucket stays."""
    own = [
        {
            "ID": f"{_RULE}-{prefix.rstrip('/')}",
            "Status": "Enabled",
            "Filter": {"Prefix": prefix},
            "Expiration": {"Days": days},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        }
        for prefix, days in spec.expires
    ]
    sizes = {_SIZES: rest[_SIZES]} if _SIZES in rest else {}
    return {"LifecycleConfiguration": {"Rules": [*spec.rules, *own]}, **sizes}


_ASKED: tuple[tuple[str, ...], ...] = (
    ("GetBucketEncryption", "ServerSideEncryptionConfigurationNotFoundError"),
    ("GetPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration"),
    ("GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration"),
    ("GetBucketTagging", "NoSuchTagSet"),
    ("GetBucketVersioning",),
)
"""What is asked for, and how S3 says that there is none."""


def settings(aws: Reader, placement: Placement, bucket: str) -> Bucket:
    """The settings of one bucket; buckets are few, and S3 has no bulk reading of settings."""

    def read(asked: tuple[str, ...]) -> dict[str, Any]:
        operation, *absent = asked
        return aws.read(placement, "s3", operation, {"Bucket": bucket}, absent=tuple(absent)) or {}

    encryption, block, cycle, tagging, versioning = concurrent_map(read, _ASKED)
    rule: Mapping[str, Any] = next(iter(encryption.get("ServerSideEncryptionConfiguration", {}).get("Rules", ())), {})
    default = rule.get("ApplyServerSideEncryptionByDefault", {})
    own = [each for each in cycle.get("Rules", ()) if str(each.get("ID", "")).startswith(_RULE)]
    return Bucket(
        encryption=default.get("KMSMasterKeyID") or default.get("SSEAlgorithm", ""),
        blocked=all(block.get("PublicAccessBlockConfiguration", {}).get(name) for name in BLOCK),
        versioned=versioning.get("Status") == "Enabled",
        expires=tuple(
            sorted(
                (each.get("Filter", {}).get("Prefix", ""), each.get("Expiration", {}).get("Days", 0))
                for each in own
                if each.get("Status") == "Enabled"
            )
        ),
        tags=tuple(sorted((tag["Key"], tag["Value"]) for tag in tagging.get("TagSet", ()))),
        rules=tuple(each for each in cycle.get("Rules", ()) if each not in own),
        rest={"Encryption": rule, **({_SIZES: cycle[_SIZES]} if _SIZES in cycle else {})},
    )
