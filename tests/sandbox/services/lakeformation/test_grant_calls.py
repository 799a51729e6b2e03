"""What is answered to a revocation of what is not there: clients wait for these very words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import Http
from tests.sandbox.lakes import Lake, all_tables, columns, database, policy, principal, refused, table, tag

NOTHING = "No permissions revoked. Grantee has no permissions and no grantable permissions on resource."
NO_TAG = "No permissions revoked. Revoking Tag permissions on Tags that grantee does not have permissions on."
LOCATION = {"DataLocation": {"ResourceArn": "arn:aws:s3:::nobody/registered/this"}}


@pytest.mark.parametrize(
    ("resource", "permission", "message"),
    [
        (database(), "DROP", NOTHING),
        (table(), "SELECT", NOTHING),
        (all_tables(), "SELECT", NOTHING),
        (columns("id"), "SELECT", NOTHING),
        (policy(**{"class": ["public"]}), "SELECT", NOTHING),
        ({"Catalog": {}}, "CREATE_DATABASE", NOTHING),
        (LOCATION, "DATA_LOCATION_ACCESS", NOTHING),
        (tag("class", "public"), "ASSOCIATE", NOTHING),
        (tag("gone", "public"), "ASSOCIATE", NOTHING),
    ],
)
def test_nothing_is_there(http: Http, resource: dict[str, Any], permission: str, message: str) -> None:
    lake = Lake(http).sales()
    lake.tag("class", "public")
    analyst = lake.role("analyst")
    assert refused(lake.revoke, analyst, resource, permission) == ("InvalidInputException", message)
    entry = {"Id": "1", "Principal": {"DataLakePrincipalIdentifier": analyst}, "Resource": resource}
    (failure,) = lake.lf.batch_revoke_permissions(Entries=[entry | {"Permissions": [permission]}])["Failures"]
    assert failure["Error"]["ErrorMessage"] == message


def test_a_part_of_the_permissions_on_a_tag_is_refused(http: Http) -> None:
    """terraform-provider-aws#35160: one of two, or the option to pass on that was never given."""
    lake = Lake(http).sales()
    lake.tag("class", "public", "secret")
    analyst = lake.role("analyst")
    lake.grant(analyst, tag("class", "public"), "DESCRIBE", "ASSOCIATE", option=["DESCRIBE"])
    both = {
        "Principal": principal(analyst),
        "Resource": tag("class", "public"),
        "Permissions": ["DESCRIBE", "ASSOCIATE"],
    }
    options = {"PermissionsWithGrantOption": ["DESCRIBE", "ASSOCIATE"]}
    assert refused(lake.lf.revoke_permissions, **both, **options) == ("InvalidInputException", NO_TAG)
    assert refused(lake.revoke, analyst, tag("class", "secret"), "DESCRIBE") == ("InvalidInputException", NO_TAG)
    lake.lf.revoke_permissions(**both, PermissionsWithGrantOption=["DESCRIBE"])
    assert lake.held(analyst) == []


@pytest.mark.parametrize(("answer", "left"), [("taken", ["ALTER"]), ("refused", ["ALTER", "INSERT"])])
def test_a_revocation_of_which_a_part_is_there(http: Http, answer: str, left: list[str]) -> None:
    http.control("POST", "beliefs", {"revoke-in-part": answer})
    lake = Lake(http).sales()
    analyst = lake.role("analyst")
    lake.grant(analyst, table(), "INSERT", "ALTER")
    if answer == "taken":
        lake.revoke(analyst, table(), "INSERT", "DROP")
    else:
        message = refused(lake.revoke, analyst, table(), "INSERT", "DROP")[1]
        assert message == "No permissions revoked. Grantee does not have: [DROP, INSERT]"
    assert [permissions for _, permissions, _ in lake.held(analyst)] == [left]


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_row_of_a_role_that_is_gone(http: Http, answer: str) -> None:
    http.control("POST", "beliefs", {"rows-of-deleted-roles": answer})
    lake = Lake(http).sales()
    iam = lake.client("iam")
    analyst = lake.role("analyst")
    lake.grant(analyst, table(), "INSERT")
    iam.delete_role_policy(RoleName="analyst", PolicyName="policy")
    iam.delete_role(RoleName="analyst")
    if answer == "yes":
        lake.revoke(analyst, table(), "INSERT")
        assert lake.held(analyst) == []
    else:
        assert "Invalid principal" in refused(lake.revoke, analyst, table(), "INSERT")[1]


def test_a_filter_that_is_gone_is_not_found(http: Http) -> None:
    lake = Lake(http).sales()
    where = {"TableCatalogId": lake.account, "DatabaseName": "sales", "TableName": "orders", "Name": "gone"}
    assert refused(lake.lf.get_data_cells_filter, **where) == ("EntityNotFoundException", "Cell Filter not found.")
