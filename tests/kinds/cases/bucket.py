"""Buckets: settings that a domain or workgroup asks for; other people's lifecycle rules and tags on them."""

from __future__ import annotations

from typing import Any

from tests.estate import ANALYTICS, Estate
from tests.kinds.cases import Case, Neighbour
from tests.kinds.full import CONSUMER, FUNDS_DOMAIN, SETTINGS

BUCKET = f"bank-analytics-coe-results-{ANALYTICS}-eu-west-1"
RULE: dict[str, Any] = {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 3}}


def make(estate: Estate) -> None:
    s3 = estate.client("s3", ANALYTICS)
    rules = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": [*rules, RULE]})
    tags = s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"]
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [*tags, {"Key": "cost-centre", "Value": "17"}]})


def survives(estate: Estate) -> bool:
    s3 = estate.client("s3", ANALYTICS)
    rules = {rule["ID"] for rule in s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]}
    tags = {tag["Key"] for tag in s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"]}
    return "theirs" in rules and "cost-centre" in tags


CASE = Case(
    edits={
        "key": ((FUNDS_DOMAIN, "hybrid: true", "hybrid: true\nkmsKey: arn:aws:kms:eu-west-1:222222222222:key/abc"),),
        "expiry": ((CONSUMER, "resultsRetentionDays: 30", "resultsRetentionDays: 7"),),
        "tags": ((SETTINGS, "managed-by: meshform", "managed-by: the mesh team"),),
    },
    fixed={
        "blocked": "every bucket is closed to the public",
        "versioned": "every bucket of a domain is versioned, and versioning is never switched off",
        "rules": "other people's",
        "region": "that of its address: a bucket cannot move",
    },
    ours_too={"key": "a bucket that somebody encrypted with a key keeps it"},
    kept="a bucket and the data in it are never deleted",
    neighbour=Neighbour(make, survives),
)
