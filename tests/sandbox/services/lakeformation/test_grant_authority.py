"""What holders of grant options and of single permissions can do, who are no administrators."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import CONSUMER, OWNER, Http
from tests.sandbox.lakes import (
    Inside,
    Lake,
    Lakes,
    all_tables,
    cells,
    columns,
    database,
    principal,
    refused,
    table,
    tag,
)

DENIED = "AccessDeniedException"
ABSENT = "EntityNotFoundException"
INVALID = "InvalidInputException"
PUBLIC = [{"TagKey": "class", "TagValues": ["public"]}]
PLACE = {"DataLocation": {"ResourceArn": "arn:aws:s3:::lake/sales"}}
BELOW = {"DataLocation": {"ResourceArn": "arn:aws:s3:::lake/sales/orders"}}
KEY = {"TableCatalogId": OWNER, "DatabaseName": "sales", "TableName": "orders"}


@pytest.fixture
def lake(http: Http, lakes: Lakes) -> Lake:
    (lake,) = lakes.again(http, registered)
    return lake


def registered(http: Http | Inside) -> tuple[Lake, ...]:
    lake = Lake(http).sales()
    lake.tag("class", "public", "secret")
    lake.lf.register_resource(ResourceArn="arn:aws:s3:::lake/", UseServiceLinkedRole=True)
    return (lake,)


@pytest.fixture
def steward(lake: Lake) -> str:
    return lake.role("steward")


def _grants(lake: Lake, resource: dict, *permissions: str) -> Any:
    """The steward grants to another role."""
    arn = f"arn:aws:iam::{OWNER}:role/other"
    if "other" not in [r["RoleName"] for r in lake.client("iam").list_roles()["Roles"]]:
        lake.role("other")
    asked = {"Principal": principal(arn), "Resource": resource, "Permissions": list(permissions)}
    return lambda: lake.client("lakeformation", "steward").grant_permissions(**asked)


@pytest.mark.parametrize(
    ("held", "permission", "passed_on", "not_passed_on"),
    [
        (database(), "ALTER", database(), table()),
        (database(), "ALL", database(), table()),
        (all_tables(), "SELECT", columns("id"), database()),
        (all_tables(), "INSERT", table(), database()),
        (all_tables(), "INSERT", all_tables(), table(name="none")),
        (tag("class", "*"), "ASSOCIATE", tag("class", "public"), tag("class", "none")),
        (tag("class", "public"), "DESCRIBE", tag("class", "public"), tag("class", "secret")),
        (PLACE, "DATA_LOCATION_ACCESS", BELOW, {"DataLocation": {"ResourceArn": "arn:aws:s3:::lake"}}),
        ({"Catalog": {}}, "CREATE_DATABASE", {"Catalog": {}}, database()),
    ],
)
def test_the_grant_option_covers_what_the_resource_covers(
    lake: Lake, steward: str, held: dict, permission: str, passed_on: dict, not_passed_on: dict
) -> None:
    """dg/lf-permissions-reference, dg/TBAC-granting-tags, dg/granting-location-permissions"""
    given = "DESCRIBE" if permission == "ALL" else permission
    assert refused(_grants(lake, passed_on, given))[0] == DENIED
    lake.grant(steward, held, permission, option=[permission])
    _grants(lake, passed_on, given)()
    wanted = {"Catalog": "CREATE_DATABASE", "DataLocation": "DATA_LOCATION_ACCESS"}.get(next(iter(not_passed_on)))
    assert refused(_grants(lake, not_passed_on, wanted or "DESCRIBE"))[0] == DENIED


def test_a_filter_is_passed_on_by_who_holds_it_with_grant_option(lake: Lake, steward: str) -> None:
    """dg/granting-filter-perms"""
    lake.filter("german", "country = 'de'")
    lake.grant(steward, cells("german"), "SELECT")
    assert refused(_grants(lake, cells("german"), "SELECT"))[0] == DENIED
    lake.grant(steward, cells("german"), "SELECT", option=["SELECT"])
    _grants(lake, cells("german"), "SELECT")()


def test_a_filter_shows_itself_to_its_holders_and_goes_by_drop(lake: Lake, steward: str) -> None:
    """dg/lf-permissions-reference: DESCRIBE and DROP on data filters"""
    lake.filter("german", "country = 'de'")
    theirs = lake.client("lakeformation", "steward")
    assert theirs.list_data_cells_filter()["DataCellsFilters"] == []
    assert refused(theirs.get_data_cells_filter, **KEY, Name="german")[0] == DENIED
    lake.grant(steward, cells("german"), "DESCRIBE")
    assert [f["Name"] for f in theirs.list_data_cells_filter()["DataCellsFilters"]] == ["german"]
    assert refused(theirs.delete_data_cells_filter, **KEY, Name="german")[0] == DENIED
    lake.grant(steward, cells("german"), "DROP")
    theirs.delete_data_cells_filter(**KEY, Name="german")
    assert lake.lf.list_data_cells_filter()["DataCellsFilters"] == []


def test_a_shared_filter_shows_itself_to_the_consumers_admin(lake: Lake, http: Http) -> None:
    """dg/data-filtering-notes"""
    consumer = Lake(http, CONSUMER)
    lake.filter("german", "country = 'de'")
    lake.grant(CONSUMER, cells("german"), "SELECT", option=["SELECT"])
    asked = {"Table": {"CatalogId": OWNER, "DatabaseName": "sales", "Name": "orders"}}
    assert consumer.lf.list_data_cells_filter(**asked)["DataCellsFilters"] == []
    for invitation in consumer.ram.get_resource_share_invitations()["resourceShareInvitations"]:
        arn = invitation["resourceShareInvitationArn"]
        consumer.ram.accept_resource_share_invitation(resourceShareInvitationArn=arn)
    for _ in range(3):
        lake.ram.get_resource_share_associations(associationType="RESOURCE")
    assert [f["Name"] for f in consumer.lf.list_data_cells_filter(**asked)["DataCellsFilters"]] == ["german"]
    assert consumer.lf.get_data_cells_filter(**KEY, Name="german")["DataCellsFilter"]["Name"] == "german"
    assert refused(consumer.lf.delete_data_cells_filter, **KEY, Name="german")[0] == DENIED


def test_tags_are_put_by_who_may_pass_on_the_resource(lake: Lake, steward: str) -> None:
    """dg/TBAC-assigning-tags: ASSOCIATE, and ALL or the grantable set on the resource"""
    theirs = lake.client("lakeformation", "steward")
    lake.grant(steward, tag("class", "public"), "ASSOCIATE")
    assert refused(theirs.add_lf_tags_to_resource, Resource=table(), LFTags=PUBLIC)[0] == DENIED
    lake.grant(steward, table(), "ALL", option=["ALL"])
    assert theirs.add_lf_tags_to_resource(Resource=columns("id"), LFTags=PUBLIC)["Failures"] == []
    assert refused(theirs.add_lf_tags_to_resource, Resource=database(), LFTags=PUBLIC)[0] == DENIED
    lake.revoke(steward, tag("class", "public"), "ASSOCIATE")
    failures = theirs.remove_lf_tags_from_resource(Resource=columns("id"), LFTags=PUBLIC)["Failures"]
    assert [f["Error"]["ErrorCode"] for f in failures] == [DENIED]
    shown = lake.lf.get_resource_lf_tags(Resource=columns("id"))["LFTagsOnColumns"]
    assert [(c["Name"], c["LFTags"][0]["TagValues"]) for c in shown] == [("id", ["public"])]


@pytest.mark.parametrize("resource", [all_tables(), {"Catalog": {}}, {"TableWithColumns": KEY}])
def test_only_databases_tables_and_named_columns_take_tags(lake: Lake, resource: dict) -> None:
    """API AddLFTagsToResource"""
    if "TableWithColumns" in resource:
        resource = {"TableWithColumns": {"DatabaseName": "sales", "Name": "orders", "ColumnWildcard": {}}}
    assert refused(lake.lf.add_lf_tags_to_resource, Resource=resource, LFTags=PUBLIC)[0] == INVALID


def test_tags_of_another_account_do_not_go_on_a_resource(lake: Lake) -> None:
    """dg/lf-tag-considerations: LF-tag and resource must be in the same account"""
    pairs = [{**PUBLIC[0], "CatalogId": CONSUMER}]
    failures = lake.lf.add_lf_tags_to_resource(Resource=table(), LFTags=pairs)["Failures"]
    assert [f["Error"]["ErrorCode"] for f in failures] == [INVALID]


def test_a_holder_of_alter_and_drop_changes_a_tag(lake: Lake, steward: str) -> None:
    """dg/TBAC-adding-tag-creator"""
    theirs = lake.client("lakeformation", "steward")
    assert refused(theirs.update_lf_tag, TagKey="class", TagValuesToAdd=["new"])[0] == DENIED
    lake.grant(steward, tag("class", "*"), "ALTER", "DROP")
    theirs.update_lf_tag(TagKey="class", TagValuesToAdd=["new"])
    theirs.delete_lf_tag(TagKey="class")
    assert lake.lf.list_lf_tags()["LFTags"] == []


def test_an_expression_is_saved_and_changed_by_who_holds_the_rights(lake: Lake, steward: str) -> None:
    """dg/managing-tag-expressions"""
    theirs = lake.client("lakeformation", "steward")
    assert refused(theirs.create_lf_tag_expression, Name="e", Expression=PUBLIC)[0] == DENIED
    lake.grant(steward, {"Catalog": {}}, "CREATE_LF_TAG_EXPRESSION")
    assert refused(theirs.create_lf_tag_expression, Name="e", Expression=PUBLIC)[0] == DENIED
    lake.grant(steward, tag("class", "public"), "GRANT_WITH_LF_TAG_EXPRESSION")
    theirs.create_lf_tag_expression(Name="e", Expression=PUBLIC)
    assert [e["Name"] for e in theirs.list_lf_tag_expressions()["LFTagExpressions"]] == ["e"]
    lake.lf.create_lf_tag_expression(Name="hidden", Expression=PUBLIC)
    assert refused(theirs.get_lf_tag_expression, Name="hidden")[0] == DENIED
    lake.grant(steward, {"LFTagExpression": {"Name": "hidden"}}, "DESCRIBE")
    assert theirs.get_lf_tag_expression(Name="hidden")["Name"] == "hidden"
    assert refused(theirs.delete_lf_tag_expression, Name="hidden")[0] == DENIED


def test_the_tags_of_what_one_does_not_see_are_not_shown(lake: Lake, steward: str) -> None:
    """API GetResourceLFTags, SearchTablesByLFTags"""
    lake.put(database(), **{"class": "public"})
    theirs = lake.client("lakeformation", "steward")
    assert refused(theirs.get_resource_lf_tags, Resource=table())[0] == DENIED
    assert theirs.search_tables_by_lf_tags(Expression=PUBLIC)["TableList"] == []
    lake.grant(steward, table(), "DESCRIBE")
    assert len(theirs.search_tables_by_lf_tags(Expression=PUBLIC)["TableList"]) == 1


def test_a_dropped_database_takes_everything_along(lake: Lake, steward: str) -> None:
    """docs/assumptions.md"""
    lake.put(table(), **{"class": "public"})
    lake.filter("german", "country = 'de'")
    for resource in (table(), all_tables(), database()):
        lake.lf.create_lake_formation_opt_in(Principal=principal(steward), Resource=resource)
        lake.grant(steward, resource, "DESCRIBE")
    lake.grant(steward, cells("german"), "SELECT")
    lake.glue.delete_table(DatabaseName="sales", Name="orders")
    kept = lake.lf.list_lake_formation_opt_ins()["LakeFormationOptInsInfoList"]
    assert [next(iter(o["Resource"].values())).get("TableWildcard") for o in kept] == [{}, None]
    assert lake.lf.list_data_cells_filter()["DataCellsFilters"] == []
    lake.glue.delete_database(Name="sales")
    assert lake.lf.list_lake_formation_opt_ins()["LakeFormationOptInsInfoList"] == []
    assert lake.rows(steward) == []
    lake.sales()
    assert lake.lf.get_resource_lf_tags(Resource=table()).keys() == {"ResponseMetadata"}


@pytest.mark.parametrize(
    ("resource", "code"),
    [
        ({}, INVALID),
        ({**table(), **database()}, INVALID),
        ({"Table": {"DatabaseName": "sales"}}, INVALID),
        ({"Table": {"DatabaseName": "sales", "Name": "orders", "TableWildcard": {}}}, INVALID),
        ({"TableWithColumns": {"DatabaseName": "sales", "Name": "orders"}}, INVALID),
        (columns("id", name="ALL_TABLES"), INVALID),
        ({"DataLocation": {"ResourceArn": "arn:aws:iam::111111111111:role/x"}}, INVALID),
        ({"DataCellsFilter": {"TableCatalogId": OWNER, "Name": "f"}}, INVALID),
        ({"LFTagPolicy": {"ResourceType": "TABLE"}}, INVALID),
        (database(catalog="111111111111:federated/x"), INVALID),
    ],
)
def test_a_resource_is_exactly_one_well_formed_thing(lake: Lake, steward: str, resource: dict, code: str) -> None:
    """API Resource"""
    assert refused(lake.grant, steward, resource, "SELECT")[0] == code
