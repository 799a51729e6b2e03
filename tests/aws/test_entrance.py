"""Entering accounts: where their own roles trust the caller by these, else by the central account's, and asked no more
than that takes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import pytest

from reconciler.aws.sessions import Sessions
from reconciler.sandbox import Sandbox, sandbox
from tests.estate import ANALYTICS, BANKING, CENTRAL, MARKETS, REGION, placement

ME = "arn:aws:iam::000000000001:root"
ROLE = f"arn:aws:iam::{CENTRAL}:role/writes"
MEMBERS = (BANKING, MARKETS, ANALYTICS)


@pytest.fixture
def aws() -> Iterator[Sandbox]:
    with sandbox() as opened:
        yield opened


def let_in(aws: Sandbox, account: str, *who: str, external_id: str = "") -> None:
    """The role of an account, which these may assume and which may assume others."""
    iam = aws.session(account).client("iam")
    condition = {"Condition": {"StringEquals": {"sts:ExternalId": external_id}}} if external_id else {}
    trust = {"Effect": "Allow", "Principal": {"AWS": list(who)}, "Action": "sts:AssumeRole", **condition}
    onward = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    iam.create_role(RoleName="writes", AssumeRolePolicyDocument=document(trust))
    iam.put_role_policy(RoleName="writes", PolicyName="onward", PolicyDocument=document(onward))


def document(statement: Mapping[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def entered(aws: Sandbox, sessions: Sessions) -> dict[str, str]:
    """Which members were entered, and as whom."""
    aws.calls.clear()
    return {
        account: str(sessions.client(placement(account), "sts").get_caller_identity()["Arn"])
        for account in MEMBERS
        if not sessions.refusal(account)
    }


def assumed(aws: Sandbox) -> tuple[int, int]:
    """How often a role was asked for, and how often in vain."""
    asked = [call for call in aws.calls if call.operation == "AssumeRole"]
    return len(asked), sum(bool(call.error) for call in asked)


def sessions(external_id: str | None = None) -> Sessions:
    return Sessions("writes", REGION, external_id, central=CENTRAL)


def test_who_is_trusted_by_each_account_enters_each_by_one_request(aws: Sandbox) -> None:
    for account in MEMBERS:
        let_in(aws, account, ME)
    assert len(entered(aws, sessions())) == 3
    assert assumed(aws) == (3, 0)


def test_who_is_trusted_by_the_central_account_only_goes_on_from_there_and_is_denied_once(aws: Sandbox) -> None:
    let_in(aws, CENTRAL, ME)
    for account in MEMBERS:
        let_in(aws, account, ROLE)
    found = entered(aws, sessions())
    assert found == {each: f"arn:aws:sts::{each}:assumed-role/writes/meshform" for each in MEMBERS}
    assert assumed(aws) == (5, 1)


def test_accounts_that_trust_one_and_the_other_are_entered_alike(aws: Sandbox) -> None:
    let_in(aws, CENTRAL, ME)
    for account, who in zip(MEMBERS, (ME, ROLE, ME), strict=True):
        let_in(aws, account, who)
    assert len(entered(aws, sessions())) == 3


def test_whoever_is_the_central_role_does_not_assume_it_again_to_be_denied_twice(
    aws: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_in(aws, CENTRAL, ME)
    for account in MEMBERS[:2]:
        let_in(aws, account, ROLE)
    keys = aws.session().client("sts").assume_role(RoleArn=ROLE, RoleSessionName="GitHubActions")["Credentials"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"])
    monkeypatch.setenv("AWS_SESSION_TOKEN", keys["SessionToken"])
    assert set(entered(aws, sessions())) == {*MEMBERS[:2]}
    assert assumed(aws) == (3, 1)


def test_the_external_id_is_said_on_the_way_as_well(aws: Sandbox) -> None:
    let_in(aws, CENTRAL, ME, external_id="mesh")
    let_in(aws, BANKING, ROLE, external_id="mesh")
    assert BANKING in entered(aws, sessions("mesh"))
    assert entered(aws, sessions()) == {}


def test_a_refusal_tells_both_ways(aws: Sandbox) -> None:
    let_in(aws, CENTRAL, ME)
    alone = sessions().refusal(BANKING)
    assert f"the role arn:aws:iam::{BANKING}:role/writes cannot be assumed (User: {ME} is" in alone
    assert f"nor from the central account's role: the role arn:aws:iam::{BANKING}:role/writes" in alone
    assert alone.endswith("and that it trusts these credentials")
    nobody = Sessions("reads", REGION, central=CENTRAL).refusal(BANKING)
    assert f"nor in the central account, whose role could go on: the role arn:aws:iam::{CENTRAL}:role/reads" in nobody
    assert nobody.count("Check that the account exists") == 1
