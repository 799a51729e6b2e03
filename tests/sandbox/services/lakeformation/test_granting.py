"""How grants are kept and listed, and what is refused."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import OWNER, Http
from tests.sandbox.lakes import Lake, Lakes, all_tables, but, columns, database, principal, refused, table

INVALID = "InvalidInputException"


@pytest.fixture
def lake(http: Http, lakes: Lakes) -> Lake:
    return lakes.sales(http)


@pytest.fixture
def analyst(lake: Lake) -> str:
    return lake.role("analyst")


def test_select_on_a_table_is_listed_as_a_row_of_all_columns(lake: Lake, analyst: str) -> None:
    """terraform-provider-aws, internal/service/lakeformation/permissions.go; dg/lf-permissions-reference"""
    lake.grant(analyst, table(), "SELECT", "DESCRIBE", "ALTER", option=["SELECT"])
    where = {"CatalogId": OWNER, "DatabaseName": "sales", "Name": "orders"}
    assert sorted(lake.held(analyst), key=str) == [
        ({"Table": where}, ["ALTER", "DESCRIBE"], []),
        ({"TableWithColumns": where | {"ColumnWildcard": {}}}, ["SELECT"], ["SELECT"]),
    ]


def test_all_tables_are_listed_under_the_name_all_tables(lake: Lake, analyst: str) -> None:
    """terraform-provider-aws, internal/service/lakeformation/permissions.go"""
    lake.grant(analyst, all_tables(), "SELECT", "DESCRIBE")
    where = {"CatalogId": OWNER, "DatabaseName": "sales", "Name": "ALL_TABLES"}
    assert lake.held(analyst) == [
        ({"TableWithColumns": where | {"ColumnWildcard": {}}}, ["SELECT"], []),
        ({"Table": where | {"TableWildcard": {}}}, ["DESCRIBE"], []),
    ]


def test_all_is_a_permission_of_its_own_and_leaves_finer_grants_when_revoked(lake: Lake, analyst: str) -> None:
    """dg/lf-permissions-reference#perm-super"""
    lake.grant(analyst, table(), "ALL", "INSERT")
    assert [p for _, p, _ in lake.held(analyst)] == [["ALL", "INSERT"]]
    lake.revoke(analyst, table(), "ALL")
    assert [p for _, p, _ in lake.held(analyst)] == [["INSERT"]]


def test_the_order_of_columns_and_a_missing_catalog_make_no_second_row(lake: Lake, analyst: str) -> None:
    """API GrantPermissions: CatalogId defaults to the account"""
    lake.grant(analyst, columns("id", "name"), "SELECT")
    lake.grant(analyst, columns("name", "id", catalog=OWNER), "SELECT")
    where = {"CatalogId": OWNER, "DatabaseName": "sales", "Name": "orders"}
    assert lake.held(analyst) == [({"TableWithColumns": where | {"ColumnNames": ["id", "name"]}}, ["SELECT"], [])]


def test_names_are_folded_to_lower_case(lake: Lake, analyst: str) -> None:
    """API Glue: names of databases and tables are folded to lower case"""
    lake.grant(analyst, table("ORDERS", "Sales"), "DESCRIBE")
    assert lake.held(analyst)[0][0]["Table"]["Name"] == "orders"


def test_an_identical_grant_changes_nothing(lake: Lake, analyst: str) -> None:
    """API GrantPermissions: a grant is additive"""
    lake.grant(analyst, database(), "DESCRIBE", option=["DESCRIBE"])
    before = lake.rows(analyst)
    lake.grant(analyst, database(), "DESCRIBE")
    assert lake.rows(analyst) == before


def test_a_row_tells_when_and_by_whom_it_was_written(lake: Lake, analyst: str) -> None:
    """API PrincipalResourcePermissions"""
    lake.grant(analyst, database(), "DESCRIBE")
    row = lake.rows(analyst)[0]
    assert row["LastUpdatedBy"] == lake.admin
    assert row["LastUpdated"].year >= 2025


@pytest.mark.parametrize(
    ("resource", "permissions", "option", "code", "message"),
    [
        (database(), ["SELECT"], [], INVALID, "Permissions modification is invalid"),
        (table(), ["CREATE_TABLE"], [], INVALID, "Permissions modification is invalid"),
        ({"Catalog": {}}, ["DROP"], [], INVALID, "Permissions modification is invalid"),
        (columns("id"), ["SELECT", "DESCRIBE"], [], INVALID, "Permissions modification is invalid"),
        (but("id"), ["SELECT"], ["SELECT"], INVALID, "excluded columns"),
        (table(), ["DESCRIBE"], ["SELECT"], INVALID, "subset"),
        (table(), [], [], INVALID, "empty"),
        (database("none"), ["DESCRIBE"], [], "EntityNotFoundException", "Database none not found."),
        (table("none"), ["DESCRIBE"], [], "EntityNotFoundException", "Table none not found."),
        (columns("none"), ["SELECT"], [], INVALID, "cannot grant/revoke permission on non-existent column."),
        ({"LFTag": {"TagKey": "none", "TagValues": ["x"]}}, ["DESCRIBE"], [], "EntityNotFoundException", "none"),
        (
            {"LFTagPolicy": {"ResourceType": "TABLE", "ExpressionName": "none"}},
            ["SELECT"], [], "EntityNotFoundException", "none",
        ),
        (
            {"DataLocation": {"ResourceArn": "arn:aws:s3:::elsewhere/x"}},
            ["DATA_LOCATION_ACCESS"], [], INVALID, "register the S3 path",
        ),
        (
            {"DataCellsFilter": {
                "TableCatalogId": OWNER, "DatabaseName": "sales", "TableName": "orders", "Name": "none"}},
            ["SELECT"], [], "EntityNotFoundException", "none",
        ),
    ],
)  # fmt: skip
def test_a_grant_that_the_resource_cannot_carry_is_refused(
    lake: Lake, analyst: str, resource: dict, permissions: list, option: list, code: str, message: str
) -> None:
    """dg/lf-permissions-reference, dg/data-filtering-notes, API GrantPermissions"""
    found = refused(lake.grant, analyst, resource, *permissions, option=option)
    assert found[0] == code
    assert message in found[1]


@pytest.mark.parametrize(
    "unknown", ["arn:aws:iam::111111111111:role/nobody", "arn:aws:iam::111111111111:user/nobody", "somebody"]
)
def test_a_principal_that_does_not_exist_is_invalid(lake: Lake, unknown: str) -> None:
    """dg/troubleshooting: Invalid principal"""
    code, message = refused(lake.grant, unknown, database(), "DESCRIBE")
    assert (code, message.split(",")[0]) == (INVALID, "Invalid principal")


@pytest.mark.parametrize(
    "known",
    [
        "IAM_ALLOWED_PRINCIPALS",
        "111111111111:IAMPrincipals",
        "arn:aws:iam::111111111111:saml-provider/okta:group/finance",
        "arn:aws:quicksight:eu-west-1:111111111111:group/default/finance",
        "arn:aws:identitystore:::group/1234",
    ],
)
def test_every_documented_kind_of_principal_is_accepted(lake: Lake, known: str) -> None:
    """dg/lf-permissions-reference: principals"""
    lake.grant(known, database(), "DESCRIBE")
    assert ["DESCRIBE"] in [permissions for _, permissions, _ in lake.held(known)]


def test_a_revoked_role_may_be_gone_from_iam(lake: Lake, analyst: str) -> None:
    """dg/troubleshooting: permissions of deleted principals are cleaned up by revoking"""
    lake.grant(analyst, database(), "DESCRIBE")
    iam = lake.client("iam")
    iam.delete_role_policy(RoleName="analyst", PolicyName="policy")
    iam.delete_role(RoleName="analyst")
    lake.revoke(analyst, database(), "DESCRIBE")
    assert lake.held(analyst) == []


@pytest.mark.parametrize(
    ("first", "second"), [((table(), "INSERT"), (columns("id"), "SELECT")), ((but("id"), "SELECT"), (table(), "DROP"))]
)
def test_a_table_and_chosen_columns_do_not_go_together(lake: Lake, analyst: str, first: tuple, second: tuple) -> None:
    """aws-samples/sample-apache-ranger-to-lake-formation-converter, ExpectedPermissionsComputer"""
    lake.grant(analyst, *first)
    assert refused(lake.grant, analyst, *second) == (INVALID, "Permissions modification is invalid.")


def test_a_row_that_is_listed_can_be_revoked_though_its_resource_changed(lake: Lake, analyst: str) -> None:
    """docs/assumptions.md; terraform-provider-aws: non-existent column"""
    lake.tag("class", "public")
    tagged = {"LFTagPolicy": {"ResourceType": "TABLE", "Expression": [{"TagKey": "class", "TagValues": ["public"]}]}}
    lake.grant(analyst, tagged, "SELECT")
    lake.grant(analyst, columns("id"), "SELECT")
    lake.lf.delete_lf_tag(TagKey="class")
    lake.glue.update_table(
        DatabaseName="sales",
        TableInput={"Name": "orders", "StorageDescriptor": {"Columns": [{"Name": "name", "Type": "string"}]}},
    )
    lake.revoke(analyst, tagged, "SELECT")
    lake.revoke(analyst, columns("id"), "SELECT")
    assert lake.held(analyst) == []
    assert "non-existent column" in refused(lake.revoke, analyst, columns("id"), "SELECT")[1]


def test_revoking_what_is_not_there_is_an_error_that_names_it(lake: Lake, analyst: str) -> None:
    """terraform-provider-aws, internal/service/lakeformation/permissions.go"""
    code, message = refused(lake.revoke, analyst, table(), "SELECT", "DROP")
    nothing = "No permissions revoked. Grantee has no permissions and no grantable permissions on resource."
    assert (code, message) == (INVALID, nothing)
    lake.grant(analyst, table(), "INSERT")
    code, message = refused(lake.revoke, analyst, table(), "ALTER", "DROP")
    assert (code, message) == (INVALID, "No permissions revoked. Grantee does not have: [ALTER, DROP]")


def test_a_revocation_takes_what_is_there(lake: Lake, analyst: str) -> None:
    lake.grant(analyst, table(), "SELECT", "INSERT", option=["SELECT"])
    lake.revoke(analyst, table(), "SELECT", "DROP")
    assert [(p, o) for _, p, o in lake.held(analyst)] == [(["INSERT"], [])]


def test_a_grant_option_can_be_revoked_alone(lake: Lake, analyst: str) -> None:
    """API RevokePermissions: PermissionsWithGrantOption"""
    lake.grant(analyst, table(), "INSERT", option=["INSERT"])
    lake.revoke(analyst, table(), option=["INSERT"])
    assert [(p, o) for _, p, o in lake.held(analyst)] == [(["INSERT"], [])]


def test_revoking_other_columns_than_those_granted_is_invalid(lake: Lake, analyst: str) -> None:
    """aws-samples/sample-apache-ranger-to-lake-formation-converter"""
    lake.grant(analyst, columns("id", "name"), "SELECT")
    assert refused(lake.revoke, analyst, columns("id"), "SELECT") == (INVALID, "Permissions modification is invalid.")


def test_a_batch_does_what_it_can_and_tells_the_rest(lake: Lake, analyst: str) -> None:
    """API BatchGrantPermissions"""
    good = {"Id": "1", "Principal": principal(analyst), "Resource": table(), "Permissions": ["SELECT"]}
    good["PermissionsWithGrantOption"] = ["SELECT"]
    bad = {"Id": "2", "Principal": principal(analyst), "Resource": table("none"), "Permissions": ["SELECT"]}
    answer = lake.lf.batch_grant_permissions(Entries=[good, bad])
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert [(f["RequestEntry"], f["Error"]["ErrorCode"]) for f in answer["Failures"]] == [
        (bad, "EntityNotFoundException")
    ]
    assert [o for _, _, o in lake.held(analyst)] == [["SELECT"]]
    answer = lake.lf.batch_revoke_permissions(Entries=[good, bad])
    assert [f["RequestEntry"]["Id"] for f in answer["Failures"]] == ["2"]
    assert lake.held(analyst) == []


@pytest.mark.parametrize("ids", [[str(n) for n in range(21)], ["1", "1"]])
def test_a_batch_has_at_most_twenty_entries_of_different_ids(lake: Lake, analyst: str, ids: list[str]) -> None:
    """API BatchGrantPermissions: up to 20 entries"""
    entry = {"Principal": principal(analyst), "Resource": database(), "Permissions": ["DESCRIBE"]}
    code, _ = refused(lake.lf.batch_grant_permissions, Entries=[{"Id": i, **entry} for i in ids])
    assert code == INVALID


def test_what_is_not_simulated_fails_a_batch_as_a_whole(lake: Lake, analyst: str) -> None:
    entry = {"Id": "1", "Principal": principal(analyst), "Resource": database(), "Permissions": ["DESCRIBE"]}
    other = entry | {"Id": "2", "Resource": {"RLSPolicy": {"Name": "p"}}}
    code, message = refused(lake.lf.batch_grant_permissions, Entries=[entry, other])
    assert (code, "RLSPolicy" in message) == ("NotImplemented", True)
    assert lake.held(analyst) == []


def test_a_condition_is_not_simulated(lake: Lake, analyst: str) -> None:
    code, message = refused(lake.grant, analyst, database(), "DESCRIBE", Condition={"Expression": "true"})
    assert (code, "Condition" in message) == ("NotImplemented", True)


def test_what_a_link_got_by_default_can_be_revoked(http: Http) -> None:
    """dg/resource-links-about: links follow the defaults of their account"""
    lake = Lake(http, open_defaults=True).sales()
    lake.database("link", TargetDatabase={"CatalogId": OWNER, "DatabaseName": "sales"})
    lake.revoke("IAM_ALLOWED_PRINCIPALS", database("link"), "ALL")
    assert lake.rows("IAM_ALLOWED_PRINCIPALS", Resource=database("link")) == []


def test_links_take_describe_and_drop_only(lake: Lake, analyst: str) -> None:
    """dg/lf-permissions-reference: resource links"""
    lake.database("link", TargetDatabase={"CatalogId": OWNER, "DatabaseName": "sales"})
    lake.grant(analyst, database("link"), "DESCRIBE", "DROP")
    assert refused(lake.grant, analyst, database("link"), "ALTER")[0] == INVALID
    assert "cannot be a link" in refused(lake.grant, analyst, all_tables("link"), "SELECT")[1]
