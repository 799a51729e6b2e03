"""What is rare, and what the language cannot name: kept word for word, or told; never lost, never wider."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler import pipeline
from reconciler.importing.looking import Looking
from tests.estate import ANALYTICS, BANKING, CENTRAL, Estate
from tests.importing.laws import basis_of, hold_the_laws, import_of, same_access

IAM_ROLE = f"arn:aws:iam::{CENTRAL}:role/odd/path/Analyst"


def base(estate: Estate) -> tuple[Any, Any]:
    """A catalog with a table, an administrator, and a role."""
    lake, glue = estate.client("lakeformation"), estate.client("glue")
    for account in (CENTRAL, BANKING, ANALYTICS):
        admin = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"}
        estate.client("lakeformation", account).put_data_lake_settings(
            DataLakeSettings={"DataLakeAdmins": [admin], "Parameters": {"CROSS_ACCOUNT_VERSION": "4"}}
        )
    trust = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, '
    )
    trust += '"Action": "sts:AssumeRole"}]}'
    estate.client("iam").create_role(RoleName="Analyst", Path="/odd/path/", AssumeRolePolicyDocument=trust)
    glue.create_database(DatabaseInput={"Name": "sales"})
    columns = [{"Name": "Id", "Type": "string"}, {"Name": "x,y", "Type": "bigint"}, {"Name": "größe", "Type": "DOUBLE"}]
    glue.create_table(
        DatabaseName="sales",
        TableInput={"Name": "orders", "StorageDescriptor": {"Columns": columns, "Location": "s3://lake/orders/"}},
    )
    return lake, glue


def give(lake: Any, who: str, place: dict[str, Any], *rights: str, **more: Any) -> None:
    lake.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": who}, Resource=place, Permissions=list(rights), **more
    )


def held(estate: Estate, *, sayable: bool = True) -> Any:
    """The import. Of what the language cannot name, the documents tell less than there is."""
    done, seen = import_of(estate, basis_of(BANKING, ANALYTICS))
    hold_the_laws(done, seen)
    if sayable:
        same_access(done, seen, unnamed=("x,y",))
    assert done.reckoning is not None
    return done


def test_a_saved_expression_is_kept_by_its_name(estate: Estate) -> None:
    lake, _ = base(estate)
    lake.create_lf_tag(TagKey="level", TagValues=["a", "b"])
    lake.create_lf_tag_expression(Name="Mine", Expression=[{"TagKey": "level", "TagValues": ["a"]}])
    give(lake, IAM_ROLE, {"LFTagPolicy": {"ResourceType": "TABLE", "ExpressionName": "Mine"}}, "SELECT")
    done = held(estate)
    assert IAM_ROLE in "".join(page.text for page in done.pages if page.kind == "Adopted")
    assert done.mesh is not None
    # Another body lets other people read, and the name stays the same.
    lake.update_lf_tag_expression(Name="Mine", Expression=[{"TagKey": "level", "TagValues": ["a", "b"]}])
    estate.fresh_sessions()
    review = pipeline.review(done.mesh, observation=Looking(estate.sessions).of(done.mesh))
    assert review.plan is not None
    (held_back,) = [each for each in review.plan.held if each.change.address.name == "Mine"]
    assert "it says level in (a, b) now, and level=a was adopted" in held_back.reason


def test_an_attribute_condition_is_kept_as_it_is(estate: Estate) -> None:
    lake, _ = base(estate)
    said = 'context.iam.principalTags.hasTag("team") && context.iam.principalTags.getTag("team") == "sales"'
    place = {"Table": {"DatabaseName": "sales", "Name": "orders"}}
    give(lake, f"{CENTRAL}:IAMPrincipals", place, "SELECT", Condition={"Expression": said})
    pages = [page for page in held(estate).pages if page.kind == "Adopted"]
    assert any("principalTags" in page.text for page in pages)


def test_a_group_of_identity_center_reads(estate: Estate) -> None:
    lake, _ = base(estate)
    group = "arn:aws:identitystore:::group/906769f4-1061-7024-a12b-abcdef123456"
    give(lake, group, {"Table": {"DatabaseName": "sales", "Name": "orders"}}, "SELECT", "DESCRIBE")
    done = held(estate)
    assert "906769f4-1061-7024-a12b-abcdef123456" in "".join(page.text for page in done.pages)


@pytest.mark.parametrize("key", ["k" * 60, "Größe", "meshform:product", "product", "domain", "sensitivity"])
def test_keys_that_the_language_cannot_name_or_that_are_its_own(estate: Estate, key: str) -> None:
    lake, _ = base(estate)
    lake.create_lf_tag(TagKey=key, TagValues=["one", "Two"])
    tag = {"TagKey": key.lower(), "TagValues": ["one"]}
    for place in ({"Database": {"Name": "sales"}}, {"Table": {"DatabaseName": "sales", "Name": "orders"}}):
        lake.add_lf_tags_to_resource(Resource=place, LFTags=[tag])
    give(lake, IAM_ROLE, {"LFTagPolicy": {"ResourceType": "TABLE", "Expression": [tag]}}, "SELECT", "DESCRIBE")
    held(estate)


def test_names_of_tables_and_databases_that_the_language_does_not_take(estate: Estate) -> None:
    lake, glue = base(estate)
    for name in ("sales 2024", "größe", "x" * 200):
        glue.create_database(DatabaseInput={"Name": name})
        for table in ("a b", "1;2", "ok"):
            glue.create_table(DatabaseName=name, TableInput={"Name": table, "StorageDescriptor": {"Columns": []}})
        give(lake, IAM_ROLE, {"Table": {"DatabaseName": name, "TableWildcard": {}}}, "SELECT", "DESCRIBE")
        give(lake, IAM_ROLE, {"Table": {"DatabaseName": name, "Name": "ok"}}, "SELECT", "DESCRIBE")
    held(estate, sayable=False)


def test_two_databases_whose_names_are_alike_are_numbered(estate: Estate) -> None:
    _, glue = base(estate)
    for name in ("raw_data", "raw-data", "raw__data"):
        glue.create_database(DatabaseInput={"Name": name})
        glue.create_table(
            DatabaseName=name, TableInput={"Name": "t", "StorageDescriptor": {"Location": "s3://lake/t/"}}
        )
    names = [page.name for page in held(estate).pages if page.kind == "Product"]
    assert sorted(names) == ["raw-data", "raw-data-2", "raw-data-3", "sales"]


def test_a_view_is_a_view_and_columns_without_a_name_are_told(estate: Estate) -> None:
    lake, glue = base(estate)
    view = {
        "Name": "v",
        "TableType": "VIRTUAL_VIEW",
        "StorageDescriptor": {"Columns": [{"Name": "id", "Type": "string"}]},
    }
    glue.create_table(DatabaseName="sales", TableInput={**view, "ViewOriginalText": "/* Presto View: e30= */"})
    give(lake, IAM_ROLE, {"Table": {"DatabaseName": "sales", "Name": "v"}}, "SELECT", "DESCRIBE")
    (page,) = [page for page in held(estate).pages if page.kind == "Product"]
    assert "format: view" in page.text
    assert "# Left out, since the language cannot say them: orders.x,y.\n" in page.text
