"""Keys are used as they are: what their policies lack is told with what to paste, and nothing of them is written."""

from __future__ import annotations

import json

from tests.estate import BANKING, CENTRAL, Estate, variant

DOMAIN = "domains/asset-management/domain.yaml"
ROLE = f"arn:aws:iam::{CENTRAL}:role/meshform/bank/register-asset-management.bank"


def told(estate: Estate, key: str) -> list[str]:
    mesh = variant((DOMAIN, "account:", f"kmsKey: {key}\naccount:"))
    return [each.reason for each in estate.plan(mesh).foreign if each.resource.address.kind == "kms-key"]


def test_what_the_policy_of_a_key_lacks_is_printed_and_pasted(estate: Estate) -> None:
    kms = estate.client("kms", BANKING)
    made = kms.create_key()["KeyMetadata"]
    policy = json.loads(kms.get_key_policy(KeyId=made["KeyId"], PolicyName="default")["Policy"])
    (reason,) = told(estate, made["Arn"])
    assert ROLE in reason
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


def test_a_key_that_is_not_there_is_told(estate: Estate) -> None:
    (reason,) = told(estate, f"arn:aws:kms:eu-west-1:{BANKING}:key/11111111-2222-3333-4444-555555555555")
    assert reason.startswith("the key is not there")
