"""ListPermissions: filters, pages, effective rows, and what a caller is shown; who may grant."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import CONSUMER, OWNER, Http
from tests.sandbox.lakes import (
    Lake,
    Lakes,
    all_tables,
    cells,
    columns,
    database,
    policy,
    principal,
    refused,
    table,
    tag,
)

INVALID = "InvalidInputException"
DENIED = "AccessDeniedException"


@pytest.fixture
def lake(http: Http, lakes: Lakes) -> Lake:
    return lakes.sales(http)


@pytest.fixture
def analyst(lake: Lake) -> str:
    return lake.role("analyst")


def _kinds(rows: list[dict[str, Any]]) -> set[str]:
    return {kind for row in rows for kind in row["Resource"]}


def test_a_resource_lists_every_principal_on_it(lake: Lake, analyst: str) -> None:
    """API ListPermissions: the operation on a table returns the table and the table with columns"""
    other = lake.role("other")
    lake.grant(analyst, columns("id"), "SELECT")
    lake.grant(other, table(), "INSERT")
    lake.grant(other, all_tables(), "DESCRIBE")
    found = lake.rows(Resource=table())
    assert {r["Principal"]["DataLakePrincipalIdentifier"] for r in found} == {analyst, other, lake.admin}
    assert _kinds(found) == {"Table", "TableWithColumns"}
    assert [r["Permissions"] for r in lake.rows(other, Resource=table())] == [["INSERT"]]


def test_listing_table_with_columns_is_refused(lake: Lake) -> None:
    """API ListPermissions: does not support getting privileges on a table with columns"""
    assert refused(lake.lf.list_permissions, Resource=columns("id"))[0] == INVALID


def test_a_principal_alone_is_no_filter(lake: Lake, analyst: str) -> None:
    """moto; docs/assumptions.md"""
    assert refused(lake.lf.list_permissions, Principal=principal(analyst))[0] == INVALID


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("CATALOG", {"Catalog"}),
        ("DATABASE", {"Database"}),
        ("TABLE", {"Table", "TableWithColumns"}),
        ("DATA_LOCATION", {"DataLocation"}),
        ("LF_TAG", {"LFTag"}),
        ("LF_NAMED_TAG_EXPRESSION", {"LFTagExpression"}),
        ("LF_TAG_POLICY_TABLE", {"LFTagPolicy"}),
    ],
)
def test_a_resource_type_narrows_the_listing(lake: Lake, analyst: str, kind: str, shown: set[str]) -> None:
    """API ListPermissions: ResourceType"""
    lake.tag("class", "public")
    lake.lf.create_lf_tag_expression(Name="e", Expression=[{"TagKey": "class", "TagValues": ["public"]}])
    lake.lf.register_resource(ResourceArn="arn:aws:s3:::lake/", UseServiceLinkedRole=True)
    location = {"DataLocation": {"ResourceArn": "arn:aws:s3:::lake/sales/"}}
    lake.grant(analyst, location, "DATA_LOCATION_ACCESS")
    lake.grant(analyst, policy(**{"class": ["public"]}), "SELECT")
    assert _kinds(lake.rows(ResourceType=kind)) == shown
    assert shown <= _kinds(lake.rows())


def test_the_type_of_tag_policies_gives_those_on_databases(lake: Lake, analyst: str) -> None:
    """aws-sdk-js#4583"""
    lake.tag("class", "public")
    for kind, permission in (("DATABASE", "DESCRIBE"), ("TABLE", "SELECT")):
        lake.grant(analyst, policy(kind, **{"class": ["public"]}), permission)
    assert [r["Permissions"] for r in lake.rows(ResourceType="LF_TAG_POLICY")] == [["DESCRIBE"]]
    assert [r["Permissions"] for r in lake.rows(ResourceType="LF_TAG_POLICY_TABLE")] == [["SELECT"]]


def test_filters_are_listed_with_their_table_when_asked_for(lake: Lake, analyst: str) -> None:
    """API ListPermissions: IncludeRelated"""
    lake.filter("german", "country = 'de'")
    lake.grant(analyst, cells("german"), "SELECT")
    assert lake.rows(analyst, Resource=table()) == []
    assert _kinds(lake.rows(analyst, Resource=table(), IncludeRelated="TRUE")) == {"DataCellsFilter"}
    assert _kinds(lake.rows(analyst, Resource=cells("german"))) == {"DataCellsFilter"}
    code, _ = refused(lake.lf.list_permissions, Resource=table(), IncludeRelated="TRUE", Principal=principal(analyst))
    assert code == INVALID


def test_pages_follow_tokens_and_may_be_empty(lake: Lake) -> None:
    """API ListPermissions; boto3#3922: an empty page is not the end"""
    roles = {lake.role(f"r{n:02d}") for n in range(30)}
    for role in sorted(roles):
        lake.grant(role, database(), "DESCRIBE")
    pages, token = [], {}
    while True:
        page = lake.lf.list_permissions(Resource=database(), MaxResults=1, **token)
        pages.append(page["PrincipalResourcePermissions"])
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    found = [r["Principal"]["DataLakePrincipalIdentifier"] for rows in pages for r in rows]
    assert len(found) == len(set(found)) == 31
    assert roles < set(found)
    assert {len(rows) for rows in pages} == {0, 1}
    assert refused(lake.lf.list_permissions, NextToken="none")[0] == INVALID
    assert refused(lake.lf.list_permissions, MaxResults=1001)[0] == INVALID


def test_principal_and_resource_give_effective_permissions(lake: Lake, analyst: str) -> None:
    """API ListPermissions; terraform-provider-aws#44574: what Lake Formation would apply"""
    lake.tag("class", "public", "secret")
    lake.put(table(), **{"class": "public"})
    lake.put(columns("name"), **{"class": "secret"})
    lake.grant(analyst, policy(**{"class": ["public"]}), "ALL")
    found = lake.held(analyst, Principal=principal(analyst), Resource=table())
    where = {"CatalogId": OWNER, "DatabaseName": "sales", "Name": "orders"}
    assert found == [
        ({"Table": where}, ["DESCRIBE"], []),
        ({"TableWithColumns": where | {"ColumnNames": ["amount", "country", "id"]}}, ["SELECT"], []),
    ]


def test_an_administrators_implied_permissions_are_listed_as_effective(lake: Lake) -> None:
    """dg/implicit-permissions; terraform-provider-aws#35160"""
    second = lake.role("second")
    lake.settings(DataLakeAdmins=[principal(lake.admin), principal(second)])
    assert lake.rows(second) == []
    found = lake.held(second, Principal=principal(second), Resource=database())
    assert [(p, o) for _, p, o in found] == [(["DESCRIBE"], ["DESCRIBE"])]
    assert "CREATE_DATABASE" in lake.held(second, Principal=principal(second), Resource={"Catalog": {}})[0][1]


def test_others_are_shown_their_own_rows_and_the_permissions_they_hold(lake: Lake, analyst: str) -> None:
    """API ListPermissions: filtered by the permissions of the caller"""
    other = lake.role("other")
    lake.grant(other, table(), "ALTER", "INSERT")
    assert lake.rows(role="analyst") == []
    lake.grant(analyst, table(), "ALTER")
    found = {r["Principal"]["DataLakePrincipalIdentifier"]: r["Permissions"] for r in lake.rows(role="analyst")}
    assert found[analyst] == found[other] == ["ALTER"]


def test_read_only_administrators_see_all_and_grant_nothing(lake: Lake) -> None:
    """API DataLakeSettings: ReadOnlyAdmins"""
    reader = lake.role("reader")
    lake.settings(ReadOnlyAdmins=[principal(reader)])
    assert lake.rows(role="reader") == lake.rows()
    theirs = lake.client("lakeformation", "reader")
    asked = {"Principal": principal(reader), "Resource": table(), "Permissions": ["SELECT"]}
    assert refused(theirs.grant_permissions, **asked)[0] == DENIED


def test_the_permissions_at_a_path_are_those_of_what_lies_there(lake: Lake, analyst: str) -> None:
    """API GetEffectivePermissionsForPath"""
    lake.table(name="people")
    lake.grant(analyst, table(), "SELECT")
    lake.grant(analyst, table("people"), "SELECT")
    arn = "arn:aws:s3:::lake/sales/orders/"
    found = lake.lf.get_effective_permissions_for_path(ResourceArn=arn)["Permissions"]
    assert {next(iter(r["Resource"].values()))["Name"] for r in found} == {"orders"}
    assert analyst in {r["Principal"]["DataLakePrincipalIdentifier"] for r in found}


def test_without_grant_option_nobody_grants(lake: Lake, analyst: str) -> None:
    """dg/lf-permissions-reference; the wording hides whether the resource exists"""
    other = principal(lake.role("other"))
    theirs = lake.client("lakeformation", "analyst")
    lake.grant(analyst, table(), "SELECT")
    for resource in (table(), table("none")):
        code, message = refused(theirs.grant_permissions, Principal=other, Resource=resource, Permissions=["SELECT"])
        assert (code, message) == (
            DENIED, "Resource does not exist or requester is not authorized to access requested permissions.",
        )  # fmt: skip
    lake.grant(analyst, table(), "SELECT", option=["SELECT"])
    theirs.grant_permissions(Principal=other, Resource=table(), Permissions=["SELECT"])
    code, _ = refused(theirs.grant_permissions, Principal=other, Resource=table(), Permissions=["INSERT"])
    assert code == DENIED


def test_a_column_list_is_passed_on_only_by_who_holds_the_columns(lake: Lake, analyst: str) -> None:
    """dg/data-filtering-notes"""
    other = principal(lake.role("other"))
    theirs = lake.client("lakeformation", "analyst")
    lake.grant(analyst, columns("id", "name"), "SELECT", option=["SELECT"])
    theirs.grant_permissions(Principal=other, Resource=columns("id"), Permissions=["SELECT"])
    for resource in (columns("amount"), table()):
        assert (
            refused(theirs.grant_permissions, Principal=other, Resource=resource, Permissions=["SELECT"])[0] == DENIED
        )


def test_a_tag_policy_needs_the_right_to_grant_by_its_pairs(lake: Lake, analyst: str) -> None:
    """dg/lf-tag-considerations: GRANT_WITH_LF_TAG_EXPRESSION, or the complete expression with grant option"""
    lake.tag("class", "public", "secret")
    theirs = lake.client("lakeformation", "analyst")
    asked = {
        "Principal": principal(lake.role("other")),
        "Resource": policy(**{"class": ["public"]}),
        "Permissions": ["SELECT"],
    }
    assert refused(theirs.grant_permissions, **asked)[0] == DENIED
    lake.grant(analyst, tag("class", "public"), "GRANT_WITH_LF_TAG_EXPRESSION")
    theirs.grant_permissions(**asked)
    lake.grant(analyst, policy(**{"class": ["secret"]}), "SELECT", option=["SELECT"])
    theirs.grant_permissions(**asked | {"Resource": policy(**{"class": ["secret"]})})
    both = policy(**{"class": ["public", "secret"]})
    assert refused(theirs.grant_permissions, **asked | {"Resource": both})[0] == DENIED


def test_another_account_cannot_grant_on_what_was_not_shared(lake: Lake, http: Http) -> None:
    """dg/cross-account-notes"""
    consumer = Lake(http, CONSUMER)
    analyst = consumer.role("analyst")
    assert refused(consumer.grant, analyst, table(catalog=OWNER), "SELECT")[0] == DENIED
    assert consumer.rows(CatalogId=OWNER) == []
