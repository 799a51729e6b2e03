"""Roles that somebody deletes: policies of resources show them by unique id, and take no change while they do."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from reconciler.aws.refusals import PATIENCE
from tests.delay import Delay
from tests.estate import BANKING, CENTRAL, Estate, actions, addresses, failures, specs

BUCKET = f"bank-consumer-banking-{BANKING}-eu-west-1"
TOPIC = next(iter(specs("topic").values()))
ROLE = "nightly-export"
Policy = dict[str, Any]


def bucket_policy(estate: Estate) -> tuple[Policy, Callable[[Policy], Any]]:
    s3 = estate.client("s3", BANKING)
    found = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
    return found, lambda policy: s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))


def topic_policy(estate: Estate) -> tuple[Policy, Callable[[Policy], Any]]:
    sns, arn = estate.client("sns", CENTRAL), TOPIC.handle
    found = json.loads(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])
    named = {"TopicArn": arn, "AttributeName": "Policy"}
    return found, lambda policy: sns.set_topic_attributes(**named, AttributeValue=json.dumps(policy))


POLICIES = {
    f"bucket-policy {BUCKET}": (bucket_policy, f"arn:aws:s3:::{BUCKET}", "s3:PutBucketAcl"),
    f"topic {TOPIC.address.name}": (topic_policy, TOPIC.handle, "sns:Publish"),
}


@pytest.mark.parametrize("member", ["Principal", "NotPrincipal"])
@pytest.mark.parametrize("name", POLICIES)
def test_what_aws_would_refuse_is_held_until_the_deleted_role_is_out_of_the_policy(
    built: Estate, delay: Delay, name: str, member: str
) -> None:
    read, resource, action = POLICIES[name]
    iam, trust = built.client("iam", BANKING), json.dumps({"Version": "2012-10-17", "Statement": []})
    role = iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=trust)["Role"]
    policy, put = read(built)
    effect = "Allow" if member == "Principal" else "Deny"
    theirs = {"Sid": "Theirs", "Effect": effect, member: {"AWS": role["Arn"]}, "Action": action, "Resource": resource}
    kept = policy["Statement"][1:]
    put({**policy, "Statement": [*kept, theirs]})
    iam.delete_role(RoleName=ROLE)
    assert built.plan().is_empty, "what AWS would refuse is no step"

    (held,) = built.plan().held
    assert f"{held.address.kind} {held.address.name}" == name
    assert f"{role['RoleId']} in the statement Theirs" in held.reason
    waited = delay.waited.total()
    run = built.apply_reviewed()
    assert not run.failed, failures(run)
    assert delay.waited.total() - waited < min(PATIENCE.values()), "it waited for what could not come"

    put({**policy, "Statement": kept})
    assert [f"{each.kind} {each.name}" for each in addresses(built.plan())] == [name]
    built.repair()


def test_statements_of_ours_that_show_an_id_beside_one_of_others_are_named_as_well(built: Estate) -> None:
    """Whoever takes only the other one out has to put ours back, which AWS refuses."""
    name = "register-consumer-banking.bank"
    iam, trust = built.client("iam", BANKING), json.dumps({"Version": "2012-10-17", "Statement": []})
    user = iam.create_user(UserName=ROLE)["User"]
    policy, put = bucket_policy(built)
    theirs = {"Sid": "Theirs", "Effect": "Allow", "Principal": {"AWS": user["Arn"]}, "Action": "s3:PutBucketAcl"}
    put({**policy, "Statement": [*policy["Statement"], {**theirs, "Resource": f"arn:aws:s3:::{BUCKET}"}]})
    iam.delete_user(UserName=ROLE)
    central = built.client("iam")
    role = central.get_role(RoleName=name)["Role"]
    for each in central.list_role_policies(RoleName=name)["PolicyNames"]:
        central.delete_role_policy(RoleName=name, PolicyName=each)
    central.delete_role(RoleName=name)
    central.create_role(RoleName=name, Path=role["Path"], AssumeRolePolicyDocument=trust, Tags=role["Tags"])

    (held,) = [each for each in built.plan().held if each.address.kind == "bucket-policy"]
    policy, put = bucket_policy(built)
    dead = [each for each in policy["Statement"] if '"A' in json.dumps(each["Principal"]).replace('"AWS"', "")]
    assert {each["Sid"] for each in dead} >= {"Theirs"}
    assert len(dead) > 1
    assert all(f"in the statement {each['Sid']}" in held.reason for each in dead)
    put({**policy, "Statement": [each for each in policy["Statement"] if each not in dead]})
    built.repair()


def test_a_statement_of_others_that_names_a_deleted_role_is_no_matter_while_ours_are_right(built: Estate) -> None:
    iam, trust = built.client("iam", BANKING), json.dumps({"Version": "2012-10-17", "Statement": []})
    role = iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=trust)["Role"]
    policy, put = bucket_policy(built)
    theirs = {"Sid": "Theirs", "Effect": "Allow", "Principal": {"AWS": role["Arn"]}, "Action": "s3:GetBucketTagging"}
    put({**policy, "Statement": [*policy["Statement"], {**theirs, "Resource": f"arn:aws:s3:::{BUCKET}"}]})
    iam.delete_role(RoleName=ROLE)
    plan = built.plan()
    assert plan.is_empty
    assert plan.is_complete


def test_a_role_of_ours_that_a_hand_deleted_and_made_again_is_let_in_again(built: Estate) -> None:
    iam, name = built.client("iam"), "register-consumer-banking.bank"
    role = iam.get_role(RoleName=name)["Role"]
    (policy,) = iam.list_role_policies(RoleName=name)["PolicyNames"]
    document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
    iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)
    trust = json.dumps(role["AssumeRolePolicyDocument"])
    iam.create_role(RoleName=name, Path=role["Path"], AssumeRolePolicyDocument=trust, Tags=role["Tags"])
    iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(document))

    assert f"update bucket-policy {BUCKET}" in actions(built.plan())
    built.repair()
    found, _ = bucket_policy(built)
    assert role["Arn"] in json.dumps(found)
    assert role["RoleId"] not in json.dumps(found)
