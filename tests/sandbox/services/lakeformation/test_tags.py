"""LF-tags: keys and values, assignment, inheritance, search."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import OWNER, Http
from tests.sandbox.lakes import Inside, Lake, Lakes, columns, database, refused, table, tag

INVALID = "InvalidInputException"
ABSENT = "EntityNotFoundException"


@pytest.fixture
def lake(http: Http, lakes: Lakes) -> Lake:
    (lake,) = lakes.again(http, tagged)
    return lake


def tagged(http: Http | Inside) -> tuple[Lake, ...]:
    lake = Lake(http).sales()
    lake.tag("Class", "Public", "secret", "pii")
    return (lake,)


def _tags(lake: Lake, resource: dict, **given: Any) -> dict[str, Any]:
    """{level: {key: value}}, columns as {name: {key: value}}."""
    answer = lake.lf.get_resource_lf_tags(Resource=resource, **given)

    def flat(pairs: list[dict]) -> dict[str, str]:
        return {p["TagKey"]: p["TagValues"][0] for p in pairs}

    return {
        "database": flat(answer.get("LFTagOnDatabase", [])),
        "table": flat(answer.get("LFTagsOnTable", [])),
        "columns": {c["Name"]: flat(c["LFTags"]) for c in answer.get("LFTagsOnColumns", [])},
    }


def test_keys_and_values_are_stored_in_lower_case(lake: Lake) -> None:
    """dg/lf-tag-considerations"""
    found = lake.lf.get_lf_tag(TagKey="CLASS")
    assert (found["TagKey"], found["TagValues"]) == ("class", ["pii", "public", "secret"])
    assert lake.lf.list_lf_tags()["LFTags"][0]["TagKey"] == "class"


def test_a_key_is_created_once(lake: Lake) -> None:
    """API CreateLFTag"""
    assert refused(lake.lf.create_lf_tag, TagKey="class", TagValues=["x"])[0] == INVALID


def test_fifty_values_fit_into_one_call(lake: Lake) -> None:
    """API CreateLFTag: at most 50 values a call"""
    lake.tag("many", *(f"v{n}" for n in range(50)))
    assert refused(lake.lf.create_lf_tag, TagKey="more", TagValues=[f"v{n}" for n in range(51)])[0] == INVALID


def test_an_absent_key_is_not_found(lake: Lake) -> None:
    """API GetLFTag, DeleteLFTag, UpdateLFTag"""
    assert refused(lake.lf.get_lf_tag, TagKey="none")[0] == ABSENT
    assert refused(lake.lf.delete_lf_tag, TagKey="none")[0] == ABSENT
    assert refused(lake.lf.update_lf_tag, TagKey="none", TagValuesToAdd=["x"])[0] == ABSENT


def test_values_are_added_and_deleted(lake: Lake) -> None:
    """API UpdateLFTag"""
    lake.lf.update_lf_tag(TagKey="class", TagValuesToAdd=["Open"], TagValuesToDelete=["pii"])
    assert lake.lf.get_lf_tag(TagKey="class")["TagValues"] == ["open", "public", "secret"]
    assert refused(lake.lf.update_lf_tag, TagKey="class", TagValuesToDelete=["pii"])[0] == ABSENT


def test_a_value_in_use_cannot_be_deleted(lake: Lake) -> None:
    """API UpdateLFTag: Update not allowed. Untag first"""
    lake.put(database(), **{"class": "public"})
    code, message = refused(lake.lf.update_lf_tag, TagKey="class", TagValuesToDelete=["public"])
    assert code == INVALID
    assert "Untag" in message


def test_deleting_a_key_takes_it_from_resources(lake: Lake) -> None:
    """API DeleteLFTag"""
    lake.put(database(), **{"class": "public"})
    lake.lf.delete_lf_tag(TagKey="class")
    assert _tags(lake, database())["database"] == {}


def test_tags_are_inherited_and_overridden_key_by_key(lake: Lake) -> None:
    """dg/tag-based-access-control, dg/TBAC-assigning-tags"""
    lake.tag("domain", "sales", "hr")
    lake.put(database(), **{"class": "public", "domain": "sales"})
    lake.put(table(), **{"class": "secret"})
    lake.put(columns("id"), **{"class": "pii"})
    inherited = {"class": "secret", "domain": "sales"}
    everywhere = dict.fromkeys(("id", "name", "country", "amount"), inherited)
    assert _tags(lake, table()) == {
        "database": {"class": "public", "domain": "sales"},
        "table": inherited,
        "columns": everywhere | {"id": inherited | {"class": "pii"}},
    }
    assert _tags(lake, table(), ShowAssignedLFTags=True) == {
        "database": {"class": "public", "domain": "sales"},
        "table": {"class": "secret"},
        "columns": {"id": {"class": "pii"}},
    }


def test_removing_an_override_restores_what_is_inherited(lake: Lake) -> None:
    """dg/TBAC-assigning-tags"""
    lake.put(database(), **{"class": "public"})
    lake.put(table(), **{"class": "secret"})
    pair = [{"TagKey": "class", "TagValues": ["secret"]}]
    assert lake.lf.remove_lf_tags_from_resource(Resource=table(), LFTags=pair)["Failures"] == []
    assert _tags(lake, table())["table"] == {"class": "public"}


def test_adding_a_key_replaces_its_value_and_no_other_key(lake: Lake) -> None:
    """dg/lf-tag-considerations: one value per key"""
    lake.tag("domain", "sales")
    lake.put(table(), **{"class": "public", "domain": "sales"})
    lake.put(table(), **{"class": "secret"})
    assert _tags(lake, table(), ShowAssignedLFTags=True)["table"] == {"class": "secret", "domain": "sales"}


def test_what_fails_is_told_tag_by_tag(lake: Lake) -> None:
    """API AddLFTagsToResource, RemoveLFTagsFromResource: Failures"""
    pairs = [
        {"TagKey": "class", "TagValues": ["public"]},
        {"TagKey": "class", "TagValues": ["none"]},
        {"TagKey": "none", "TagValues": ["x"]},
    ]
    failures = lake.lf.add_lf_tags_to_resource(Resource=database(), LFTags=pairs)["Failures"]
    assert [f["Error"]["ErrorCode"] for f in failures] == [ABSENT, ABSENT]
    assert _tags(lake, database())["database"] == {"class": "public"}
    failures = lake.lf.remove_lf_tags_from_resource(Resource=table(), LFTags=pairs[:1])["Failures"]
    assert [(f["LFTag"]["TagKey"], f["Error"]["ErrorCode"]) for f in failures] == [("class", ABSENT)]


@pytest.mark.parametrize("values", [["public", "secret"], ["*"]])
def test_a_resource_takes_one_value_of_a_tag(lake: Lake, values: list[str]) -> None:
    """terraform-provider-aws"""
    pairs = [{"TagKey": "class", "TagValues": values}]
    message = "Tag value wild card was found or input tag value list has size not equal to 1"
    assert refused(lake.lf.add_lf_tags_to_resource, Resource=database(), LFTags=pairs) == (INVALID, message)


def test_a_resource_that_is_not_there_takes_no_tags(lake: Lake) -> None:
    """API AddLFTagsToResource: EntityNotFoundException"""
    pairs = [{"TagKey": "class", "TagValues": ["public"]}]
    assert refused(lake.lf.add_lf_tags_to_resource, Resource=table("none"), LFTags=pairs)[0] == ABSENT
    assert refused(lake.lf.get_resource_lf_tags, Resource=database("none"))[0] == ABSENT


def test_an_admin_needs_associate_on_tags_that_another_made(lake: Lake) -> None:
    """dg/TBAC-adding-tag-creator"""
    other = lake.role("other")
    admins = [{"DataLakePrincipalIdentifier": a} for a in (lake.admin, other)]
    lake.settings(DataLakeAdmins=admins, Parameters={"CROSS_ACCOUNT_VERSION": "4"})
    pairs = [{"TagKey": "class", "TagValues": ["public"]}]
    theirs = lake.client("lakeformation", "other")
    failures = theirs.add_lf_tags_to_resource(Resource=database(), LFTags=pairs)["Failures"]
    assert [f["Error"]["ErrorCode"] for f in failures] == ["AccessDeniedException"]
    theirs.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": other}, Resource=tag("class", "public"), Permissions=["ASSOCIATE"]
    )
    assert theirs.add_lf_tags_to_resource(Resource=database(), LFTags=pairs)["Failures"] == []


def test_a_tag_creator_needs_create_lf_tag(lake: Lake) -> None:
    """dg/TBAC-adding-tag-creator"""
    creator = lake.role("creator")
    theirs = lake.client("lakeformation", "creator")
    assert refused(theirs.create_lf_tag, TagKey="new", TagValues=["x"])[0] == "AccessDeniedException"
    lake.grant(creator, {"Catalog": {}}, "CREATE_LF_TAG")
    theirs.create_lf_tag(TagKey="new", TagValues=["x"])
    rows = lake.held(creator, ResourceType="LF_TAG")
    assert sorted(p for _, held, _ in rows for p in held) == [
        *("ALTER", "ASSOCIATE", "DESCRIBE", "DROP", "GRANT_WITH_LF_TAG_EXPRESSION")
    ]
    assert theirs.list_lf_tags()["LFTags"] == [{"CatalogId": OWNER, "TagKey": "new", "TagValues": ["x"]}]


def test_grants_on_values_of_a_tag_are_a_row_a_permission_and_revoked_by_value(lake: Lake) -> None:
    """dg/TBAC-granting-tags; rows as the AWS CLI's examples have them"""
    analyst = lake.role("analyst")
    lake.grant(analyst, tag("class", "Public", "secret"), "ASSOCIATE", "DESCRIBE")
    shown = {"LFTag": {"CatalogId": OWNER, "TagKey": "class", "TagValues": ["public", "secret"]}}
    assert lake.held(analyst) == [(shown, ["DESCRIBE"], []), (shown, ["ASSOCIATE"], [])]
    lake.revoke(analyst, tag("class", "public"), "ASSOCIATE", "DESCRIBE")
    assert lake.held(analyst)[0][0]["LFTag"]["TagValues"] == ["secret"]
    code, message = refused(lake.revoke, analyst, tag("class", "public"), "DESCRIBE")
    assert (code, message.split(".")[1].strip()) == (
        INVALID, "Revoking Tag permissions on Tags that grantee does not have permissions on",
    )  # fmt: skip


def test_tables_and_databases_are_found_by_tags(lake: Lake) -> None:
    """API SearchTablesByLFTags, SearchDatabasesByLFTags"""
    lake.table(name="people")
    lake.put(database(), **{"class": "public"})
    lake.put(columns("name", name="people"), **{"class": "pii"})

    def tables(*values: str) -> list[str]:
        body = [{"TagKey": "class", "TagValues": list(values)}]
        return [t["Table"]["Name"] for t in lake.lf.search_tables_by_lf_tags(Expression=body)["TableList"]]

    assert tables("public") == ["orders", "people"]
    assert tables("pii") == ["people"]
    body = [{"TagKey": "class", "TagValues": ["public"]}]
    found = lake.lf.search_databases_by_lf_tags(Expression=body)["DatabaseList"]
    assert [d["Database"]["Name"] for d in found] == ["sales"]
    assert refused(lake.lf.search_tables_by_lf_tags, Expression=body, MaxResults=101)[0] == INVALID


def test_a_saved_expression_lives_in_grants_that_name_it(lake: Lake) -> None:
    """API CreateLFTagExpression, DeleteLFTagExpression"""
    analyst = lake.role("analyst")
    body = [{"TagKey": "class", "TagValues": ["public"]}]
    lake.lf.create_lf_tag_expression(Name="open", Description="d", Expression=body)
    assert refused(lake.lf.create_lf_tag_expression, Name="open", Expression=body)[0] == INVALID
    shown = {"Name": "open", "Description": "d", "CatalogId": OWNER, "Expression": body}
    answer = lake.lf.get_lf_tag_expression(Name="open")
    assert {k: answer[k] for k in shown} == shown
    lake.grant(analyst, {"LFTagPolicy": {"ResourceType": "TABLE", "ExpressionName": "open"}}, "SELECT")
    lake.lf.update_lf_tag_expression(Name="open", Expression=[{"TagKey": "class", "TagValues": ["pii"]}])
    assert lake.lf.list_lf_tag_expressions()["LFTagExpressions"][0]["Expression"][0]["TagValues"] == ["pii"]
    lake.lf.delete_lf_tag_expression(Name="open")
    assert lake.held(analyst) == []
    assert refused(lake.lf.get_lf_tag_expression, Name="open")[0] == ABSENT


def test_an_inline_expression_has_at_most_nine_hundred_bytes(lake: Lake) -> None:
    """dg/lf-tag-considerations"""
    values = [f"{n:02d}{'v' * 48}" for n in range(20)]
    lake.tag("long", *values)
    whole = {"LFTagPolicy": {"ResourceType": "TABLE", "Expression": [{"TagKey": "long", "TagValues": values}]}}
    code, message = refused(lake.grant, lake.role("analyst"), whole, "SELECT")
    assert (code, "900 bytes" in message) == (INVALID, True)
