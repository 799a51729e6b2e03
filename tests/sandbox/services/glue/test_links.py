"""Resource links, as resource-links-about and resource-links-glue-apis describe them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import OWNER, Http
from tests.sandbox.services.glue.test_databases import table


def to(database: str) -> dict[str, str]:
    """The target of a database link."""
    return {"CatalogId": OWNER, "DatabaseName": database}


@pytest.fixture
def glue(http: Http) -> Any:
    """A database `sales` with a table `orders`, a link `shop` to it and a table link in `local`."""
    client = http.client("glue")
    client.create_database(DatabaseInput={"Name": "sales", "Description": "what we sold"})
    client.create_database(DatabaseInput={"Name": "local"})
    client.create_table(DatabaseName="sales", TableInput=table("orders"))
    client.create_database(DatabaseInput={"Name": "shop", "TargetDatabase": to("sales")})
    target = {"CatalogId": OWNER, "DatabaseName": "sales", "Name": "orders"}
    client.create_table(DatabaseName="local", TableInput={"Name": "linked", "TargetTable": target})
    return client


def names(answer: Any) -> list[str]:
    return [t["Name"] for t in answer["TableList"]]


def test_a_link_is_created_though_its_target_is_not_there(glue: Any) -> None:
    """resource-links-about: no check that the target exists or is shared."""
    glue.create_database(DatabaseInput={"Name": "early", "TargetDatabase": to("later")})
    assert glue.get_database(Name="early")["Database"]["TargetDatabase"]["DatabaseName"] == "later"
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_tables(DatabaseName="early")


def test_get_database_of_a_link_tells_the_target_s_properties(glue: Any) -> None:
    """resource-links-glue-apis, GetDatabase."""
    found = glue.get_database(Name="shop")["Database"]
    assert (found["Name"], found["Description"]) == ("shop", "what we sold")
    assert found["TargetDatabase"]["DatabaseName"] == "sales"


def test_get_tables_through_a_link_lists_the_target_s_tables(glue: Any) -> None:
    """resource-links-glue-apis, GetTables."""
    assert names(glue.get_tables(DatabaseName="shop")) == ["orders"]


def test_update_database_of_a_link_updates_the_target(glue: Any) -> None:
    """resource-links-glue-apis, UpdateDatabase."""
    glue.update_database(Name="shop", DatabaseInput={"Name": "shop", "Description": "changed"})
    found = glue.get_database(Name="sales")["Database"]
    assert found["Description"] == "changed"
    assert "TargetDatabase" not in found
    other = {"CatalogId": OWNER, "DatabaseName": "local"}
    with pytest.raises(ClientError, match="target of a resource link"):
        glue.update_database(Name="shop", DatabaseInput={"Name": "shop", "TargetDatabase": other})


def test_delete_database_of_a_link_leaves_the_target(glue: Any) -> None:
    """resource-links-glue-apis, DeleteDatabase."""
    glue.delete_database(Name="shop")
    assert names(glue.get_tables(DatabaseName="sales")) == ["orders"]


def test_delete_table_through_a_database_link_deletes_the_target_s_table(glue: Any) -> None:
    """resource-links-glue-apis, DeleteTable."""
    glue.delete_table(DatabaseName="shop", Name="orders")
    assert names(glue.get_tables(DatabaseName="sales")) == []


def test_delete_table_of_a_table_link_leaves_the_target(glue: Any) -> None:
    """resource-links-glue-apis, DeleteTable."""
    glue.delete_table(DatabaseName="local", Name="linked")
    assert names(glue.get_tables(DatabaseName="sales")) == ["orders"]


def test_create_table_through_a_database_link_creates_in_the_target(glue: Any) -> None:
    """resource-links-glue-apis, CreateTable."""
    glue.create_table(DatabaseName="shop", TableInput=table("returns"))
    assert names(glue.get_tables(DatabaseName="sales")) == ["orders", "returns"]


def test_a_table_link_through_a_database_link_is_refused(glue: Any) -> None:
    """resource-links-glue-apis, CreateTable: not supported."""
    target = {"CatalogId": OWNER, "DatabaseName": "local", "Name": "x"}
    with pytest.raises(glue.exceptions.InvalidInputException):
        glue.create_table(DatabaseName="shop", TableInput={"Name": "l", "TargetTable": target})


def test_get_table_of_a_table_link_tells_the_target_s_columns(glue: Any) -> None:
    """resource-links-glue-apis, GetTable and GetTables."""
    found = glue.get_table(DatabaseName="local", Name="linked")["Table"]
    assert (found["Name"], found["DatabaseName"]) == ("linked", "local")
    assert [c["Name"] for c in found["StorageDescriptor"]["Columns"]] == ["id", "age"]
    listed = glue.get_tables(DatabaseName="local")["TableList"][0]
    assert listed["StorageDescriptor"] == found["StorageDescriptor"]


def test_update_table_of_a_table_link_updates_the_target(glue: Any) -> None:
    """resource-links-glue-apis, UpdateTable."""
    glue.update_table(DatabaseName="local", TableInput=table("linked", Description="changed"))
    assert glue.get_table(DatabaseName="sales", Name="orders")["Table"]["Description"] == "changed"
    assert "TargetTable" in glue.get_table(DatabaseName="local", Name="linked")["Table"]


def test_links_are_followed_one_hop_only(glue: Any) -> None:
    """resource-links-about: a link to a link leads to the link, not to what it points to."""
    glue.create_database(DatabaseInput={"Name": "far", "TargetDatabase": to("shop")})
    assert names(glue.get_tables(DatabaseName="far")) == []


def test_search_does_not_follow_links(glue: Any) -> None:
    """resource-links-glue-apis, SearchTables."""
    found = {t["Name"]: t for t in glue.search_tables()["TableList"]}
    assert set(found) == {"orders", "linked"}
    assert "StorageDescriptor" not in found["linked"]


@pytest.fixture
def abroad(http: Http, glue: Any) -> Any:
    """Glue in another region, with a link there to the database `sales` of this one and one to its table."""
    away = http.session(region="us-east-1").client("glue")
    away.create_database(DatabaseInput={"Name": "far", "TargetDatabase": {**to("sales"), "Region": "eu-west-1"}})
    away.create_database(DatabaseInput={"Name": "local"})
    target = {"CatalogId": OWNER, "DatabaseName": "sales", "Name": "orders", "Region": "eu-west-1"}
    away.create_table(DatabaseName="local", TableInput={"Name": "linked", "TargetTable": target})
    return away


def test_a_link_into_another_region_shows_what_is_there(abroad: Any, glue: Any) -> None:
    """data-access-across-region: resource links in any region point to databases and tables of another one."""
    assert names(abroad.get_tables(DatabaseName="far")) == ["orders"]
    assert abroad.get_table(DatabaseName="local", Name="linked")["Table"]["TargetTable"]["Region"] == "eu-west-1"
    glue.create_table(DatabaseName="sales", TableInput=table("returns"))
    assert names(abroad.get_tables(DatabaseName="far")) == ["orders", "returns"]


def test_a_link_without_a_region_stays_in_its_own(abroad: Any, glue: Any) -> None:
    abroad.create_database(DatabaseInput={"Name": "near", "TargetDatabase": to("sales")})
    with pytest.raises(abroad.exceptions.EntityNotFoundException):
        abroad.get_tables(DatabaseName="near")


def test_from_any_region_the_way_leads_back(abroad: Any, glue: Any) -> None:
    """A link there to a link here is followed one hop only; both regions keep what is their own."""
    glue.create_database(DatabaseInput={"Name": "back", "TargetDatabase": {**to("local"), "Region": "us-east-1"}})
    assert names(glue.get_tables(DatabaseName="back")) == ["linked"]
    assert {row["Name"] for row in abroad.get_databases()["DatabaseList"]} == {"far", "local"}
