"""A policy names principals that are there; who is deleted is shown by unique id, and is not who comes after him."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import CONSUMER, OWNER, Http, document

NOBODY = f"arn:aws:iam::{CONSUMER}:role/nobody"
TRUST = document({"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OWNER}:root"}, "Action": "sts:AssumeRole"})
Policy = tuple[Callable[[str], Any], Callable[[], Any], str]


def bucket(http: Http) -> Policy:
    s3 = http.client("s3")
    s3.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return (
        lambda text: s3.put_bucket_policy(Bucket="lake", Policy=text),
        lambda: json.loads(s3.get_bucket_policy(Bucket="lake")["Policy"]),
        "MalformedPolicy: Invalid principal in policy",
    )


def role(http: Http) -> Policy:
    iam = http.client("iam")
    iam.create_role(RoleName="lake", AssumeRolePolicyDocument=TRUST)
    return (
        lambda text: iam.update_assume_role_policy(RoleName="lake", PolicyDocument=text),
        lambda: iam.get_role(RoleName="lake")["Role"]["AssumeRolePolicyDocument"],
        f'MalformedPolicyDocument: Invalid principal in policy: "AWS":"{NOBODY}"',
    )


def topic(http: Http) -> Policy:
    sns = http.client("sns")
    arn = sns.create_topic(Name="lake")["TopicArn"]
    return (
        lambda text: sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=text),
        lambda: json.loads(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"]),
        "InvalidParameter: Invalid parameter: Policy Error: PrincipalNotFound",
    )


def key(http: Http) -> Policy:
    kms = http.client("kms")
    made = kms.create_key()["KeyMetadata"]["KeyId"]
    return (
        lambda text: kms.put_key_policy(KeyId=made, PolicyName="default", Policy=text),
        lambda: json.loads(kms.get_key_policy(KeyId=made, PolicyName="default")["Policy"]),
        "MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals.",
    )


OF = pytest.mark.parametrize("of", [bucket, role, topic, key], ids=lambda each: each.__name__)


def naming(of: Callable[[Http], Policy], *who: str) -> str:
    does = {"Action": "sts:AssumeRole"} if of is role else {"Action": "*", "Resource": "*"}
    return document({"Effect": "Allow", "Principal": {"AWS": list(who)}, **does})


@OF
@pytest.mark.parametrize("who", [NOBODY, "AROAEXAMPLEEXAMPLE123"])
def test_whoever_is_named_must_be_there(http: Http, of: Callable[[Http], Policy], who: str) -> None:
    put, _, words = of(http)
    http.client("iam", CONSUMER).list_roles()
    with pytest.raises(ClientError) as raised:
        put(naming(of, f"arn:aws:iam::{CONSUMER}:root", who))
    told = raised.value.response["Error"]
    assert f"{told['Code']}: {told['Message']}" == words.replace(NOBODY, who)


@OF
def test_who_is_in_an_account_that_nobody_has_entered_is_not_looked_up(
    http: Http, of: Callable[[Http], Policy]
) -> None:
    put, get, _ = of(http)
    stranger = "arn:aws:iam::999999999999:role/partner"
    put(naming(of, stranger))
    (statement,) = get()["Statement"]
    assert stranger in json.dumps(statement["Principal"])


ODD = ["no JSON", "[]", '{"Statement": ["x", 1]}', '{"Statement": {"Principal": {"AWS": 1}}}', '{"Statement": "x"}']


@pytest.mark.parametrize("text", ODD)
def test_what_is_no_policy_stops_nobody_from_being_deleted(http: Http, text: str) -> None:
    """moto takes any text as a policy."""
    iam = http.client("iam", CONSUMER)
    arn = iam.create_role(RoleName="guest", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    for of in (bucket, role, topic, key):
        put, _, _ = of(http)
        with suppress(ClientError):
            put(text.replace('"x"', f'"{arn}"'))
    iam.delete_role(RoleName="guest")


@OF
def test_one_of_the_same_name_is_another_one(http: Http, of: Callable[[Http], Policy]) -> None:
    put, get, _ = of(http)
    iam = http.client("iam", CONSUMER)
    ours, other = (iam.create_role(RoleName=n, AssumeRolePolicyDocument=TRUST)["Role"] for n in ("guest", "guest-2"))
    put(naming(of, ours["Arn"], other["Arn"]))
    iam.delete_role(RoleName="guest")
    iam.create_role(RoleName="guest", AssumeRolePolicyDocument=TRUST)
    (statement,) = get()["Statement"]
    assert statement["Principal"]["AWS"] == [ours["RoleId"], other["Arn"]]
    with pytest.raises(ClientError):
        put(json.dumps(get()))
    put(naming(of, ours["Arn"], other["Arn"]))
    (statement,) = get()["Statement"]
    assert statement["Principal"]["AWS"] == [ours["Arn"], other["Arn"]]
