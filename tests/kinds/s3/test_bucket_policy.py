"""A bucket's policy has many owners: ours are the statements with our Sid, all others are put back as they are."""

from __future__ import annotations

import json
from dataclasses import replace

from reconciler.kinds.common.marks import sid
from reconciler.kinds.s3.bucket_policy import BucketPolicy, BucketPolicyKind
from reconciler.model.resource import Resource
from tests.estate import BANKING, Estate, actions, bank, specs

KIND = BucketPolicyKind()
BUCKET = f"bank-consumer-banking-{BANKING}-eu-west-1"
WANT: Resource[BucketPolicy] = specs("bucket-policy")[BUCKET]
THEIRS = json.dumps({"Sid": "Theirs", "Effect": "Deny", "Principal": "*", "Action": "s3:PutBucketAcl", "Resource": "*"})


def written(text: str) -> dict[str, object]:
    return {statement["Sid"]: statement for statement in json.loads(text)["Statement"]}


def test_plain_http_is_denied_on_every_bucket() -> None:
    for want in specs("bucket-policy").values():
        statement = json.loads(dict(want.spec.statements)[sid(bank(), "DenyPlainHttp")])
        assert statement["Effect"] == "Deny"
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_only_the_register_role_of_the_domain_is_let_in() -> None:
    allowed = [json.loads(text) for _, text in WANT.spec.statements if json.loads(text)["Effect"] == "Allow"]
    assert {json.dumps(each["Principal"]) for each in allowed} == {
        '{"AWS": "arn:aws:iam::111111111111:role/meshform/bank/register-consumer-banking.bank"}'
    }


def test_statements_of_others_are_written_back_as_they_are() -> None:
    have = replace(WANT, spec=BucketPolicy((), (THEIRS,)))
    settled = KIND.merge_unmanaged(WANT, have)
    (call,) = KIND.update(have, settled)
    assert written(call.params["Policy"])["Theirs"] == json.loads(THEIRS)
    assert len(written(call.params["Policy"])) == len(WANT.spec.statements) + 1


def test_statements_of_others_outlive_ours() -> None:
    (call,) = KIND.delete(replace(WANT, spec=replace(WANT.spec, others=(THEIRS,))))
    assert call.operation == "PutBucketPolicy"
    assert list(written(call.params["Policy"])) == ["Theirs"]
    (call,) = KIND.delete(WANT)
    assert call.operation == "DeleteBucketPolicy"


def test_a_policy_without_our_statements_is_not_ours_to_delete() -> None:
    assert KIND.has_nothing_managed(replace(WANT, spec=BucketPolicy((), (THEIRS,))))
    assert not KIND.has_nothing_managed(WANT)


def test_a_statement_that_a_hand_added_is_shown_and_left(built: Estate) -> None:
    s3 = built.client("s3", BANKING)
    policy = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
    policy["Statement"].append({**json.loads(THEIRS), "Resource": f"arn:aws:s3:::{BUCKET}"})
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))
    plan = built.plan()
    assert plan.is_empty
    assert any("a statement that is not ours: Theirs" in other.reason for other in plan.foreign)


def test_a_statement_of_ours_that_was_widened_is_put_right(built: Estate) -> None:
    s3 = built.client("s3", BANKING)
    policy = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
    for statement in policy["Statement"]:
        statement["Action"] = "s3:*" if statement["Effect"] == "Allow" else statement["Action"]
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))
    assert actions(built.plan()) == {f"update bucket-policy {BUCKET}"}
    built.repair()


def test_the_id_and_the_version_that_somebody_chose_are_put_back(built: Estate) -> None:
    """Under another version variables in their statements would say something else."""
    s3 = built.client("s3", BANKING)
    policy = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
    theirs = {**json.loads(THEIRS), "Resource": f"arn:aws:s3:::{BUCKET}"}
    old = {"Version": "2008-10-17", "Id": "TheirPolicy", "Statement": [theirs, *policy["Statement"][:1]]}
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(old))
    assert actions(built.plan()) == {f"update bucket-policy {BUCKET}"}
    built.repair()
    found = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
    assert (found["Version"], found["Id"]) == ("2008-10-17", "TheirPolicy")
    assert [each["Sid"] for each in found["Statement"]].count("Theirs") == 1
