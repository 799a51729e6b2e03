"""ListPermissions of a principal and a resource, as Terraform's acceptance tests meet it on AWS."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import OWNER, Http
from tests.sandbox.lakes import Lake, Lakes, all_tables, but, columns, database, principal, refused, table, tag

WHERE = {"CatalogId": OWNER, "DatabaseName": "sales", "Name": "orders"}


@pytest.fixture
def lake(http: Http, lakes: Lakes) -> Lake:
    return lakes.sales(http)


@pytest.fixture
def analyst(lake: Lake) -> str:
    return lake.role("analyst")


def listed(lake: Lake, who: str, resource: dict[str, Any]) -> list[tuple[dict[str, Any], list[str], list[str]]]:
    return lake.held(who, Principal=principal(who), Resource=resource)


def test_nothing_implied_is_added_to_granted_rows(lake: Lake, analyst: str) -> None:
    lake.grant(analyst, database(), "ALTER", "CREATE_TABLE", "DROP", option=["CREATE_TABLE"])
    ((_, permissions, option),) = listed(lake, analyst, database())
    assert (permissions, option) == (["ALTER", "DROP", "CREATE_TABLE"], ["CREATE_TABLE"])


def test_chosen_columns_are_one_row_as_they_were_chosen(lake: Lake, analyst: str) -> None:
    lake.grant(analyst, but("name", "amount"), "SELECT")
    chosen = WHERE | {"ColumnWildcard": {"ExcludedColumnNames": ["amount", "name"]}}
    assert listed(lake, analyst, table()) == [({"TableWithColumns": chosen}, ["SELECT"], [])]


def test_select_on_all_tables_is_a_row_of_columns(lake: Lake, analyst: str) -> None:
    lake.grant(analyst, all_tables(), "SELECT", "INSERT")
    rows = listed(lake, analyst, all_tables())
    assert {next(iter(resource)): permissions for resource, permissions, _ in rows} == {
        "TableWithColumns": ["SELECT"],
        "Table": ["INSERT"],
    }


def test_all_values_of_a_tag_are_listed(lake: Lake, analyst: str) -> None:
    lake.tag("class", "public", "internal", "secret")
    lake.grant(analyst, tag("class", "public", "secret"), "ASSOCIATE", "DESCRIBE")
    for asked, values in ((("public", "secret"), ["public", "secret"]), (("secret", "internal"), ["secret"])):
        rows = listed(lake, analyst, tag("class", *asked))
        assert [row["LFTag"]["TagValues"] for row, _, _ in rows] == [values] * 2
        assert [permissions for _, permissions, _ in rows] == [["DESCRIBE"], ["ASSOCIATE"]]


@pytest.mark.parametrize(("answer", "told"), [("literal", 1), ("expanded", 5)])
def test_all_is_told_as_believed_but_never_spelt_out_for_everyone(
    lake: Lake, http: Http, analyst: str, answer: str, told: int
) -> None:
    http.control("POST", "beliefs", {"all-of-a-principal": answer})
    for who in (analyst, "IAM_ALLOWED_PRINCIPALS"):
        lake.grant(who, database(), "ALL")
    assert [len(permissions) for _, permissions, _ in listed(lake, analyst, database())] == [told]
    assert [permissions for _, permissions, _ in listed(lake, "IAM_ALLOWED_PRINCIPALS", database())] == [["ALL"]]


def test_a_user_of_identity_center_cannot_be_asked_for(lake: Lake) -> None:
    """terraform-provider-aws#49319"""
    user = "arn:aws:identitystore:::user/00000000-0000-0000-0000-000000000000"
    found = refused(lake.lf.list_permissions, Principal=principal(user), Resource=database())
    assert found == ("InvalidInputException", "AccountId cannot be null or empty")


def test_every_column_is_the_table(lake: Lake, analyst: str) -> None:
    """An empty ColumnWildcard takes the permissions of a table, and is kept like one."""
    lake.grant(analyst, but(), "SELECT", "ALTER", "DELETE")
    rows = {next(iter(resource)): permissions for resource, permissions, _ in listed(lake, analyst, table())}
    assert rows == {"TableWithColumns": ["SELECT"], "Table": ["ALTER", "DELETE"]}
    lake.revoke(analyst, but(), "SELECT", "ALTER", "DELETE")
    assert lake.held(analyst) == []


def test_describe_on_a_table_goes_with_chosen_columns(lake: Lake, analyst: str) -> None:
    """terraform-provider-aws#39082; the other permissions of a table do not."""
    lake.grant(analyst, columns("id"), "SELECT")
    lake.grant(analyst, table(), "DESCRIBE")
    assert len(listed(lake, analyst, table())) == 2
    assert refused(lake.grant, analyst, table(), "DESCRIBE", "DROP")[1] == "Permissions modification is invalid."
    lake.grant(analyst, columns("name"), "SELECT")
