"""Grants under a condition on the tags of principals."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.sandbox.services.lakeformation.conditions import Missing, _test
from tests.sandbox.conftest import OWNER, Http
from tests.sandbox.lakes import Lake, Lakes, columns, database, principal, refused, table

EVERYBODY = f"{OWNER}:IAMPrincipals"
HAS, GET = "context.iam.principalTags.hasTag", "context.iam.principalTags.getTag"
RED = f'{HAS}("team") && {GET}("team") == "red"'


@pytest.fixture
def lake(http: Http, lakes: Lakes) -> Lake:
    return lakes.sales(http)


def asked(resource: dict[str, Any], *permissions: str, **more: Any) -> dict[str, Any]:
    given = {"Principal": principal(EVERYBODY), "Resource": resource, "Permissions": [*permissions]}
    return {**given, "Condition": {"Expression": RED}, **more}


def test_a_permission_holds_for_roles_whose_tags_meet_its_condition(lake: Lake) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/abac-granting-permissions.html"""
    red, blue = lake.role("red"), lake.role("blue")
    for arn, team in ((red, "red"), (blue, "blue")):
        lake.client("iam").tag_role(RoleName=arn.rpartition("/")[2], Tags=[{"Key": "team", "Value": team}])
    lake.lf.grant_permissions(**asked(table(), "SELECT"))
    (row,) = (each for each in lake.lf.list_permissions()["PrincipalResourcePermissions"] if "Condition" in each)
    assert (row["Condition"], row["Principal"]) == ({"Expression": RED}, principal(EVERYBODY))
    assert lake.client("glue", "red").get_tables(DatabaseName="sales")["TableList"]
    assert not lake.client("glue", "blue").get_tables(DatabaseName="sales")["TableList"]


def test_a_condition_is_part_of_what_a_permission_is(lake: Lake) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_BatchPermissionsRequestEntry.html"""
    lake.lf.grant_permissions(**asked(table(), "SELECT"))
    other = {"Expression": f'{HAS}("team")'}
    code, _ = refused(lake.lf.revoke_permissions, **asked(table(), "SELECT", Condition=other))
    assert code == "InvalidInputException"
    entry = {"Id": "1", **asked(columns("id"), "SELECT", Condition=other)}
    assert not lake.lf.batch_grant_permissions(Entries=[entry])["Failures"]
    lake.lf.revoke_permissions(**asked(table(), "SELECT"))
    left = [each for each in lake.lf.list_permissions()["PrincipalResourcePermissions"] if "Condition" in each]
    assert [each["Condition"] for each in left] == [other]


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (asked(table(), "SELECT", PermissionsWithGrantOption=["SELECT"]), "InvalidInputException"),
        (
            asked(
                {"LFTagPolicy": {"ResourceType": "TABLE", "Expression": [{"TagKey": "k", "TagValues": ["v"]}]}},
                "SELECT",
            ),
            "InvalidInputException",
        ),
        (asked(table(), "SELECT", Principal=principal(f"arn:aws:iam::{OWNER}:role/red")), "NotImplemented"),
        (asked(database(), "DESCRIBE", Condition={"Expression": "principal == resource"}), "NotImplemented"),
        (asked(table(), "SELECT", Condition={"Expression": f"({RED}"}), "NotImplemented"),
        (asked(table(), "SELECT", Condition={"Expression": ""}), "NotImplemented"),
    ],
)
def test_what_takes_no_condition_or_is_not_documented_is_refused(lake: Lake, wish: dict[str, Any], code: str) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/abac-considerations.html"""
    lake.role("red")
    assert refused(lake.lf.grant_permissions, **wish)[0] == code


def test_what_is_asked_of_a_tag_that_is_not_there_is_an_error_that_only_an_earlier_answer_spares() -> None:
    """https://docs.cedarpolicy.com/policies/syntax-operators.html"""
    test = _test(f'{HAS}("a") || {GET}("b") == "c"')
    assert test is not None
    assert test({"a": ""})
    with pytest.raises(Missing):
        test({})
