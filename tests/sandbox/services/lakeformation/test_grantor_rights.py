"""Whoever grants, revokes or tags needs rights at Glue and at RAM too: Lake Formation goes on in his name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from tests.sandbox.conftest import CONSUMER, Http
from tests.sandbox.lakes import ACCESS_ROLE, Lake, all_tables, columns, database, policy, principal, refused, table

MANAGED = json.loads(aws_managed_policies_data)["AWSLakeFormationCrossAccountManager"]["Document"]["Statement"]
LAKE = {"Effect": "Allow", "Action": "lakeformation:*", "Resource": "*"}
GLUE = {"Effect": "Allow", "Action": ["glue:GetDatabase", "glue:GetTable"], "Resource": "*"}
NAMED = [(database(), "DESCRIBE"), (table(), "SELECT"), (all_tables(), "SELECT"), (columns("id"), "SELECT")]


@pytest.fixture
def grantor(http: Http) -> Callable[..., Lake]:
    """A data lake administrator with these statements in IAM."""

    def made(*statements: dict[str, Any]) -> Lake:
        lake = Lake(http).sales()
        lake.tag("class", "public")
        role = http.role(lake.account, "steward", *statements)
        admins = [principal(lake.admin), principal(role)]
        lake.settings(DataLakeAdmins=admins, Parameters={"CROSS_ACCOUNT_VERSION": "4"})
        lake.grant(role, {"LFTag": {"TagKey": "class", "TagValues": ["public"]}}, "ASSOCIATE")
        lake.clients["lakeformation", ACCESS_ROLE] = http.client("lakeformation", lake.account, "steward")
        return lake

    return made


@pytest.mark.parametrize(("resource", "permission"), NAMED)
def test_what_is_named_must_be_readable_in_glue(
    grantor: Callable[..., Lake], resource: dict[str, Any], permission: str
) -> None:
    """dg/required-permissions-for-grant; data.all#526"""
    steward = grantor(LAKE)
    me = f"arn:aws:iam::{steward.account}:role/steward"
    code, message = refused(steward.grant, me, resource, permission)
    assert code == "AccessDeniedException"
    assert message.startswith("Insufficient Glue permissions to access ")
    assert refused(steward.revoke, me, resource, permission) == (code, message)


def test_a_named_resource_must_be_readable_to_be_tagged(grantor: Callable[..., Lake]) -> None:
    """dg/TBAC-assigning-tags"""
    steward = grantor(LAKE)
    tags = [{"TagKey": "class", "TagValues": ["public"]}]
    code, message = refused(steward.lf.add_lf_tags_to_resource, Resource=table(), LFTags=tags)
    assert (code, message) == ("AccessDeniedException", "Insufficient Glue permissions to access database sales")


def test_tag_policies_need_nothing_of_glue(grantor: Callable[..., Lake]) -> None:
    steward = grantor(LAKE)
    steward.grant(f"arn:aws:iam::{steward.account}:role/steward", policy(**{"class": ["public"]}), "SELECT")


@pytest.mark.parametrize(("resource", "permission"), [*NAMED, (policy(**{"class": ["public"]}), "SELECT")])
def test_a_grant_to_another_account_needs_a_share(
    grantor: Callable[..., Lake], resource: dict[str, Any], permission: str
) -> None:
    """dg/cross-account-prereqs; nothing is granted where it is refused"""
    steward = grantor(LAKE, GLUE)
    code, message = refused(steward.grant, CONSUMER, resource, permission)
    assert code == "AccessDeniedException"
    assert "is not authorized to perform: ram:CreateResourceShare on resource: *" in message
    assert "(Service: AWSRAM; Status Code: 403; Error Code: AccessDeniedException; Request ID: " in message
    assert steward.held(CONSUMER) == []


def test_the_managed_policy_of_aws_is_enough(grantor: Callable[..., Lake]) -> None:
    steward = grantor(LAKE, GLUE, *MANAGED)
    for resource, permission in (*NAMED[:3], (policy(**{"class": ["public"]}), "SELECT")):
        steward.grant(CONSUMER, resource, permission)
    for resource, permission in (*NAMED[:3], (policy(**{"class": ["public"]}), "SELECT")):
        steward.revoke(CONSUMER, resource, permission)
    shares = steward.ram.get_resource_shares(resourceOwner="SELF")["resourceShares"]
    assert {share["status"] for share in shares} == {"DELETED"}


def test_more_in_a_share_needs_its_association(grantor: Callable[..., Lake]) -> None:
    """data.all#114"""
    creates = {"Effect": "Allow", "Action": ["ram:CreateResourceShare", "ram:AssociateResourceSharePermission"]}
    steward = grantor(LAKE, GLUE, creates | {"Resource": "*"})
    steward.table(name="bills")
    steward.grant(CONSUMER, table(), "SELECT")
    steward.grant(CONSUMER, table(), "DESCRIBE")
    message = refused(steward.grant, CONSUMER, table("bills"), "SELECT")[1]
    assert "is not authorized to perform: ram:AssociateResourceShare on resource: arn:aws:ram:" in message


def test_a_revocation_is_done_and_its_share_stays_where_ram_refuses(grantor: Callable[..., Lake]) -> None:
    """data.all#317"""
    creates = {"Effect": "Allow", "Action": ["ram:CreateResourceShare", "ram:AssociateResourceSharePermission"]}
    steward = grantor(LAKE, GLUE, creates | {"Resource": "*"})
    steward.grant(CONSUMER, table(), "SELECT")
    steward.revoke(CONSUMER, table(), "SELECT")
    assert steward.held(CONSUMER) == []
    (share,) = steward.ram.get_resource_shares(resourceOwner="SELF")["resourceShares"]
    assert share["status"] == "ACTIVE"
    associations = steward.ram.get_resource_share_associations(associationType="RESOURCE")["resourceShareAssociations"]
    assert {each["status"] for each in associations} == {"FAILED"}
    assert "ram:DisassociateResourceShare" in associations[0]["statusMessage"]
