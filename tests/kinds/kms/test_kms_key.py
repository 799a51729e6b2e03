"""Keys are used as they are: what their policies lack is told with what to paste, and nothing of them is written."""

from __future__ import annotations

import json

from reconciler.spec.mesh import Mesh
from tests.estate import BANKING, CENTRAL, Estate, variant

DOMAIN = "domains/asset-management/domain.yaml"
ROLE = f"arn:aws:iam::{CENTRAL}:role/meshform/bank/register-asset-management.bank"


def with_key(key: str) -> Mesh:
    return variant((DOMAIN, "account:", f"kmsKey: {key}\naccount:"))


def told(estate: Estate, key: str) -> list[str]:
    return [each.reason for each in estate.plan(with_key(key)).foreign if each.resource.address.kind == "kms-key"]


def test_what_the_policy_of_a_key_lacks_is_printed_and_pasted(estate: Estate) -> None:
    kms = estate.client("kms", BANKING)
    made = kms.create_key()["KeyMetadata"]
    policy = json.loads(kms.get_key_policy(KeyId=made["KeyId"], PolicyName="default")["Policy"])
    (reason,) = told(estate, made["Arn"])
    assert ROLE in reason
    assert "as soon as an apply has made the role" in reason
    assert not estate.apply_reviewed(with_key(made["Arn"])).failed
    policy["Statement"].append(json.loads(reason.split(": ", 1)[1]))
    kms.put_key_policy(KeyId=made["KeyId"], PolicyName="default", Policy=json.dumps(policy))
    assert told(estate, made["Arn"]) == []
    assert estate.writes().count(("kms", "PutKeyPolicy")) == 1, "only the hand's"


def test_the_whole_account_of_the_role_may_be_let(estate: Estate) -> None:
    kms = estate.client("kms", BANKING)
    who = {"AWS": f"arn:aws:iam::{CENTRAL}:root"}
    whole = {"Effect": "Allow", "Principal": who, "Action": "kms:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [whole]})
    assert told(estate, kms.create_key(Policy=policy)["KeyMetadata"]["Arn"]) == []


def test_what_stands_in_the_way_in_the_policy_of_a_key_is_told(estate: Estate) -> None:
    """A denial is told as one; what depends on who knows what, as not known. It is used through S3."""
    kms = estate.client("kms", BANKING)

    def said(effect: str, operator: str, key: str, *values: str) -> str:
        root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{BANKING}:root"}, "Action": "kms:*"}
        let = {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "kms:*", "Resource": "*"}
        limit = {operator: {key: list(values)}}
        more = {**let, "Condition": limit} if effect == "Allow" else {**let, "Effect": "Deny", "Condition": limit}
        every = [{**root, "Resource": "*"}, more, *([let] if effect == "Deny" else [])]
        policy = json.dumps({"Version": "2012-10-17", "Statement": every})
        return " ".join(told(estate, kms.create_key(Policy=policy)["KeyMetadata"]["Arn"])).split(",")[0]

    via = ("kms:ViaService", "s3.eu-west-1.amazonaws.com")
    assert said("Allow", "StringEquals", *via) == ""
    assert said("Deny", "StringNotEquals", *via) == ""
    assert said("Deny", "StringEquals", *via) == "the policy of the key denies what the mesh needs"
    assert said("Allow", "StringEquals", "aws:SourceVpce", "vpce-1") == "whether the key may be used is not known"
    assert said("Deny", "StringNotEquals", "aws:SourceVpce", "v") == "whether the key may be used is not known"
    assert said("Allow", "StringEquals", "kms:CallerAccount", BANKING).startswith("add to the policy of the key")


def test_the_key_of_the_notices_is_looked_at(estate: Estate) -> None:
    made = estate.client("kms").create_key()["KeyMetadata"]["Arn"]
    mesh = variant(("mesh.yaml", "notificationKey: alias/meshform-bank", f"notificationKey: {made}"))
    (reason,) = [each.reason for each in estate.plan(mesh).foreign if each.resource.address.kind == "kms-key"]
    assert "events.amazonaws.com" in reason


def test_a_key_that_is_not_there_is_told(estate: Estate) -> None:
    (reason,) = told(estate, f"arn:aws:kms:eu-west-1:{BANKING}:key/11111111-2222-3333-4444-555555555555")
    assert reason.startswith("the key is not there")
