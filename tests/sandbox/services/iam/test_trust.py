"""STS hands out roles only to those whom their trust policies name."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import CONSUMER, MANAGEMENT, OWNER, Http, document

ASSUME = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}


def assume(sts: Any, role: str, account: str = OWNER, **more: Any) -> str:
    arn = f"arn:aws:iam::{account}:role/{role}"
    answer = sts.assume_role(RoleArn=arn, RoleSessionName="test", **more)
    told: str = answer["AssumedRoleUser"]["Arn"]
    return told


def denied(sts: Any, role: str, account: str = OWNER, **more: Any) -> str:
    with pytest.raises(ClientError) as raised:
        assume(sts, role, account, **more)
    assert raised.value.response["Error"]["Code"] == "AccessDenied"
    message: str = raised.value.response["Error"]["Message"]
    return message


def trusting(http: Http, name: str, principal: Any, condition: dict[str, Any] | None = None) -> None:
    """A role of the owner with this trust policy."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    trust = statement | ({"Condition": condition} if condition else {})
    http.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))


def test_a_role_that_is_not_there_is_denied_like_one_that_does_not_trust(http: Http) -> None:
    """API_AssumeRole: AccessDenied, whether or not the role exists."""
    trusting(http, "closed", {"AWS": f"arn:aws:iam::{CONSUMER}:root"})
    sts = http.client("sts", MANAGEMENT)
    for role in ("closed", "missing"):
        assert denied(sts, role) == (
            f"User: arn:aws:sts::{MANAGEMENT}:assumed-role/OrganizationAccountAccessRole/test is not authorized "
            f"to perform: sts:AssumeRole on resource: arn:aws:iam::{OWNER}:role/{role}"
        )


def test_the_external_id_must_be_the_one_that_the_trust_policy_asks_for(http: Http) -> None:
    """id_roles_common-scenarios_third-party: sts:ExternalId."""
    principal = {"AWS": f"arn:aws:iam::{MANAGEMENT}:root"}
    trusting(http, "apply", principal, {"StringEquals": {"sts:ExternalId": "mesh-42"}})
    sts = http.client("sts", MANAGEMENT)
    denied(sts, "apply")
    denied(sts, "apply", ExternalId="mesh-43")
    assert assume(sts, "apply", ExternalId="mesh-42") == f"arn:aws:sts::{OWNER}:assumed-role/apply/test"


def test_across_accounts_both_sides_must_allow(http: Http) -> None:
    """reference_policies_evaluation-logic-cross-account."""
    trusting(http, "target", {"AWS": f"arn:aws:iam::{CONSUMER}:root"})
    http.role(CONSUMER, "may", ASSUME)
    http.role(CONSUMER, "may-not")
    assert assume(http.client("sts", CONSUMER, "may"), "target").endswith("assumed-role/target/test")
    denied(http.client("sts", CONSUMER, "may-not"), "target")


def test_in_one_account_a_trust_policy_that_names_the_role_suffices(http: Http) -> None:
    """reference_policies_evaluation-logic: a resource-based policy that names the principal itself."""
    named = http.role(OWNER, "named")
    http.role(OWNER, "other")
    trusting(http, "by-name", {"AWS": named})
    trusting(http, "by-account", {"AWS": OWNER})
    sts = http.client("sts", OWNER, "named")
    assume(sts, "by-name")
    denied(sts, "by-account")
    denied(http.client("sts", OWNER, "other"), "by-name")


def test_roles_chain(http: Http) -> None:
    """id_roles: role chaining."""
    first = http.role(OWNER, "first", ASSUME)
    statement = {"Effect": "Allow", "Principal": {"AWS": first}, "Action": "sts:AssumeRole"}
    http.client("iam", CONSUMER).create_role(RoleName="second", AssumeRolePolicyDocument=document(statement))
    assert assume(http.client("sts", OWNER, "first"), "second", CONSUMER).startswith(f"arn:aws:sts::{CONSUMER}")
    denied(http.client("sts", MANAGEMENT), "second", CONSUMER)


def test_a_service_principal_lets_no_person_in(http: Http) -> None:
    """reference_policies_elements_principal: service principals."""
    trusting(http, "glue", {"Service": "glue.amazonaws.com"})
    denied(http.client("sts", MANAGEMENT), "glue")
    denied(http.client("sts", OWNER), "glue")


def test_only_the_management_account_assumes_the_organization_s_role(http: Http) -> None:
    """orgs_manage_accounts_access."""
    http.role(CONSUMER, "may", ASSUME)
    denied(http.client("sts", CONSUMER, "may"), "OrganizationAccountAccessRole")


def test_a_temporary_key_that_was_not_handed_out_is_refused(http: Http) -> None:
    session = http.session()
    sts = session.client(
        "sts", aws_access_key_id="ASIAAAAAAAAAAAAAAAAA", aws_secret_access_key="x", aws_session_token="y"
    )
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        sts.get_caller_identity()


def test_session_tags_are_condition_keys(http: Http) -> None:
    """id_session-tags: aws:PrincipalTag."""
    tagged = {"StringEquals": {"aws:PrincipalTag/team": "risk"}}
    http.role(OWNER, "r", {"Effect": "Allow", "Action": "glue:*", "Resource": "*", "Condition": tagged})
    http.session(OWNER, "r", Tags=[{"Key": "team", "Value": "risk"}]).client("glue").get_databases()
    with pytest.raises(ClientError, match="AccessDenied"):
        http.session(OWNER, "r").client("glue").get_databases()


def test_a_parameter_that_would_be_ignored_is_refused(http: Http) -> None:
    with pytest.raises(ClientError, match=r"NotImplemented.*sandbox: sts.AssumeRole with SourceIdentity"):
        assume(http.client("sts", MANAGEMENT), "OrganizationAccountAccessRole", SourceIdentity="ann")
