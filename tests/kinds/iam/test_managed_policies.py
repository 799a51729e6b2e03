"""What a role may do counts, whichever way its policy was put on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from reconciler.access import evaluate, principal_directory
from reconciler.access.facts.of_state import facts_of
from reconciler.kinds.iam.managed_policies import UNREAD, ManagedPolicies
from reconciler.model.resource import Observation
from reconciler.spec.mesh import Mesh
from tests.estate import BANKING, Estate, example, variant

ROLE = f"arn:aws:iam::{BANKING}:role/bi-tool"
FILES = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*"}],
}
TABLES = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "lakeformation:GetDataAccess", "Resource": "*"}],
}
CONSUMER = """apiVersion: meshform/v1
kind: Consumer
name: bank-bi
description: Reports of the bank.
owner: analytics-coe-leads
account: banking-data
principals:
  - {name: bi, description: Reports, role: bi-tool}
"""


def mesh() -> Mesh:
    """The example with a reader whose role is in the account of the files."""
    account = "accounts/banking-data.yaml"
    assert "parts: [producer]" in example()[account]
    return variant(
        (account, "parts: [producer]", "parts: [producer, consumer]"),
        more={"consumers/bank-bi/consumer.yaml": CONSUMER},
    )


@pytest.fixture
def role(built: Estate) -> Any:
    """A hand in the account of the files, and a role without policies there."""
    hand = built.client("iam", BANKING)
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{BANKING}:root"}, "Action": "sts:AssumeRole"}
    hand.create_role(
        RoleName="bi-tool", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )
    yield hand
    for row in hand.list_attached_role_policies(RoleName="bi-tool")["AttachedPolicies"]:
        hand.detach_role_policy(RoleName="bi-tool", PolicyArn=row["PolicyArn"])
    for name in hand.list_role_policies(RoleName="bi-tool")["PolicyNames"]:
        hand.delete_role_policy(RoleName="bi-tool", PolicyName=name)
    hand.delete_role(RoleName="bi-tool")


def inline(hand: Any, document: object) -> None:
    hand.put_role_policy(RoleName="bi-tool", PolicyName="its", PolicyDocument=json.dumps(document))


def managed(hand: Any, document: object) -> None:
    arn = hand.create_policy(PolicyName="its", PolicyDocument=json.dumps(document))["Policy"]["Arn"]
    hand.attach_role_policy(RoleName="bi-tool", PolicyArn=arn)


def newer(hand: Any, document: object) -> None:
    """The version that counts is not the first one."""
    arn = hand.create_policy(PolicyName="newer", PolicyDocument=json.dumps(TABLES))["Policy"]["Arn"]
    hand.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(document), SetAsDefault=True)
    hand.attach_role_policy(RoleName="bi-tool", PolicyArn=arn)


def older(hand: Any, document: object) -> None:
    """The version that counts is not the last one."""
    arn = hand.create_policy(PolicyName="older", PolicyDocument=json.dumps(document))["Policy"]["Arn"]
    other = TABLES if document == FILES else FILES
    hand.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(other), SetAsDefault=False)
    hand.attach_role_policy(RoleName="bi-tool", PolicyArn=arn)


def by_files(observation: Observation, of: Mesh) -> set[tuple[str, str]]:
    """The columns to which the role comes by files, and how surely."""
    facts = facts_of(evaluate(observation, principal_directory(of)), of)
    his = (each for each in facts if each.principal == ROLE and each.path == "files-by-policy")
    return {(each.column, each.certain) for each in his}


@pytest.mark.parametrize("document", [FILES, TABLES], ids=["files", "tables"])
@pytest.mark.parametrize("way", [managed, newer, older])
def test_a_policy_counts_whichever_way_it_is_put_on(
    built: Estate, role: Any, way: Callable[[Any, object], None], document: object
) -> None:
    wanted = mesh()
    assert by_files(built.look(wanted), wanted) == set()
    inline(role, document)
    told = by_files(built.look(wanted), wanted)
    assert (("age", True) in told) == (document == FILES)
    role.delete_role_policy(RoleName="bi-tool", PolicyName="its")
    way(role, document)
    assert by_files(built.look(wanted), wanted) == told


def test_a_policy_of_aws_counts(built: Estate, role: Any) -> None:
    role.attach_role_policy(RoleName="bi-tool", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    wanted = mesh()
    assert ("age", True) in by_files(built.look(wanted), wanted)


def test_an_attached_denial_takes_away(built: Estate, role: Any) -> None:
    inline(role, FILES)
    managed(role, {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]})
    wanted = mesh()
    assert by_files(built.look(wanted), wanted) == set()


def test_who_has_a_policy_that_aws_does_not_show_may_read(
    built: Estate, role: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    managed(role, TABLES)
    monkeypatch.setattr(ManagedPolicies, "document", lambda _, __: UNREAD)
    wanted = mesh()
    assert ("age", False) in by_files(built.look(wanted), wanted)
