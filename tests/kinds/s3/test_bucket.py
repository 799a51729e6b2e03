"""Buckets are private, encrypted, and never deleted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reconciler.kinds.common.marks import MARK
from reconciler.kinds.s3.bucket import Bucket, BucketKind
from reconciler.model.resource import Resource
from reconciler.plan.diff import ABSENT
from tests.estate import ANALYTICS, BANKING, Estate, specs, variant

BUCKETS = specs("bucket")
RESULTS = f"bank-analytics-coe-results-{ANALYTICS}-eu-west-1"
KIND = BucketKind()
TAGGED = ("mesh.yaml", "managed-by: meshform}", "managed-by: meshform, team: data}")


def operations(have: Resource[Bucket], want: Resource[Bucket]) -> list[str]:
    return [call.operation for call in KIND.update(have, want)]


@pytest.mark.parametrize("name", BUCKETS)
def test_public_access_is_closed_first_of_all(name: str) -> None:
    calls = KIND.create(BUCKETS[name])
    assert [call.operation for call in calls][:2] == ["CreateBucket", "PutPublicAccessBlock"]
    assert set(calls[1].params["PublicAccessBlockConfiguration"].values()) == {True}
    assert dict(BUCKETS[name].spec.tags)[MARK] == "bank"


def test_data_is_versioned_and_results_expire() -> None:
    assert BUCKETS[RESULTS].spec.expires == (("credit-analyst/", 30), ("data-scientist/", 30))
    data = [each.spec for name, each in BUCKETS.items() if name != RESULTS]
    assert all(spec.versioned and spec.expires == () for spec in data)


def test_a_bucket_is_never_deleted() -> None:
    with pytest.raises(AssertionError, match="never deleted"):
        KIND.delete(BUCKETS[RESULTS])


def test_in_the_oldest_region_no_place_is_named() -> None:
    mesh = variant(("mesh.yaml", "region: eu-west-1", "region: us-east-1"))
    for want in specs("bucket", mesh).values():
        assert "LocationConstraint" not in KIND.create(want)[0].params["CreateBucketConfiguration"]


@pytest.mark.parametrize(
    ("change", "operation"),
    [
        ({"blocked": False}, "PutPublicAccessBlock"),
        ({"encryption": ""}, "PutBucketEncryption"),
        ({"expires": (("data-scientist/", 7),)}, "PutBucketLifecycleConfiguration"),
        ({"tags": ()}, "PutBucketTagging"),
    ],
)
def test_only_what_differs_is_sent(change: dict[str, Any], operation: str) -> None:
    want = BUCKETS[RESULTS]
    assert operations(replace(want, spec=replace(want.spec, **change)), want) == [operation]


def test_versioning_is_not_switched_off_and_other_tags_stay() -> None:
    want = BUCKETS[RESULTS]
    have = replace(want, spec=replace(want.spec, versioned=True, tags=(*want.spec.tags, ("cost", "7"))))
    settled = KIND.merge_unmanaged(want, have)
    assert settled.spec.versioned
    assert ("cost", "7") in settled.spec.tags
    assert settled.spec == KIND.merge_unmanaged(want, settled).spec


def test_lifecycle_rules_of_others_survive_even_with_dates(built: Estate) -> None:
    s3 = built.client("s3", ANALYTICS)
    theirs = {
        "ID": "theirs",
        "Status": "Enabled",
        "Filter": {"Prefix": "old/"},
        "Expiration": {"Date": datetime(2030, 1, 1, tzinfo=UTC)},
    }
    rules = s3.get_bucket_lifecycle_configuration(Bucket=RESULTS)["Rules"]
    changed = [{**rule, "Expiration": {"Days": 5}} for rule in rules]
    s3.put_bucket_lifecycle_configuration(Bucket=RESULTS, LifecycleConfiguration={"Rules": [*changed, theirs]})
    plan = built.plan()
    assert len(plan.digest) > 8
    built.repair()
    after = {rule["ID"]: rule for rule in s3.get_bucket_lifecycle_configuration(Bucket=RESULTS)["Rules"]}
    assert after["theirs"]["Expiration"]["Date"] == theirs["Expiration"]["Date"]  # type: ignore[index]
    assert {each.get("Expiration", {}).get("Days") for name, each in after.items() if name != "theirs"} == {30}


def test_a_key_of_the_domain_encrypts_its_bucket() -> None:
    key = "arn:aws:kms:eu-west-1:222222222222:key/one"
    mesh = variant(("domains/asset-management/domain.yaml", "account:", f"kmsKey: {key}\naccount:"))
    want = specs("bucket", mesh)[f"bank-asset-management-{BANKING}-eu-west-1"]
    (call,) = [call for call in KIND.create(want) if call.operation == "PutBucketEncryption"]
    (rule,) = call.params["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    assert rule["BucketKeyEnabled"] is True


KEY = f"arn:aws:kms:eu-west-1:{BANKING}:key/theirs"
OWN = variant(
    (
        "domains/asset-management/domain.yaml",
        "stewards:",
        f"bucket: legacy-lake\nexternal: [bucket, bucket-policy]\nkmsKey: {KEY}\nstewards:",
    )
)


def test_a_bucket_that_is_only_used_is_left_as_it_is(estate: Estate) -> None:
    """Terraform's bucket, with its own key and without versions: what its policy lacks is printed, and pasted."""
    s3 = estate.client("s3", BANKING)
    place = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket="legacy-lake", CreateBucketConfiguration=place)
    how = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": how}]}
    s3.put_bucket_encryption(Bucket="legacy-lake", ServerSideEncryptionConfiguration=rules)
    theirs = {
        "Effect": "Allow",
        "Principal": {"AWS": BANKING},
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::legacy-lake/*",
    }
    s3.put_bucket_policy(Bucket="legacy-lake", Policy=json.dumps({"Version": "2012-10-17", "Statement": [theirs]}))
    held = {item.address.kind: item.reason for item in estate.plan(OWN).held if "legacy-lake" in item.address.name}
    assert held.keys() == {"bucket-policy", "location"}
    assert held["location"].startswith("waits for bucket-policy")
    estate.apply_reviewed(OWN)
    assert len(json.loads(s3.get_bucket_policy(Bucket="legacy-lake")["Policy"])["Statement"]) == 1
    pasted = [json.loads(text.split(": ", 1)[1]) for text in held["bucket-policy"].split(": ", 1)[1].split("; ")]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [theirs, *pasted]})
    s3.put_bucket_policy(Bucket="legacy-lake", Policy=policy)
    estate.repair(OWN)
    assert json.loads(s3.get_bucket_policy(Bucket="legacy-lake")["Policy"]) == json.loads(policy)
    found = s3.get_bucket_encryption(Bucket="legacy-lake")["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert found["ApplyServerSideEncryptionByDefault"] == how
    assert "Status" not in s3.get_bucket_versioning(Bucket="legacy-lake")


def test_the_key_of_a_bucket_that_is_used_must_be_known(estate: Estate) -> None:
    """Nobody could read what is encrypted with a key that the reading role is not let use."""
    s3 = estate.client("s3", BANKING)
    s3.create_bucket(Bucket="legacy-lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    how = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": how}]}
    s3.put_bucket_encryption(Bucket="legacy-lake", ServerSideEncryptionConfiguration=rules)
    silent = variant(("domains/asset-management/domain.yaml", "stewards:", "bucket: legacy-lake\nstewards:"))
    held = {item.address.kind: item.reason for item in estate.plan(silent).held if "legacy-lake" in item.address.name}
    assert held["bucket"].endswith(f"the domain says no kmsKey. Write kmsKey: {KEY}")


def test_what_stands_on_a_bucket_that_is_not_there_waits(estate: Estate) -> None:
    held = {
        str(item.address).split()[0]: item.reason for item in estate.plan(OWN).held if "legacy" in item.address.name
    }
    assert held["bucket"] == ABSENT
    assert held["bucket-policy"] == ABSENT
    assert "is held" in held["location"]


def test_tags_of_awss_own_go_back_as_they_are(built: Estate) -> None:
    """A bucket that CloudFormation made: S3 refuses tags without its own (cloud-custodian#2861)."""
    from moto.s3.models import s3_backends

    name = next(name for name, each in BUCKETS.items() if each.address.placement.account == BANKING)
    backend = s3_backends[BANKING]["aws"]
    own = {"Key": "aws:cloudformation:stack-name", "Value": "lake"}
    backend.tagger.tag_resource(backend.get_bucket(name).arn, [own])
    s3 = built.client("s3", BANKING)
    with pytest.raises(ClientError, match="System Tags cannot be removed"):
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": "mine", "Value": "1"}]})
    built.fresh_sessions()
    built.repair(variant(TAGGED))
    tags = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=name)["TagSet"]}
    assert (tags[own["Key"]], tags["team"], tags[MARK]) == ("lake", "data", "bank")
    backend.tagger.untag_resource_using_names(backend.get_bucket(name).arn, [own["Key"]])
