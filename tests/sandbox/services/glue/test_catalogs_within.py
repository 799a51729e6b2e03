"""Catalogs within an account's own: asked for by their id, and apart from it in every list."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import OWNER, Http
from tests.sandbox.lakes import Lake, principal

WITHIN = f"{OWNER}:s3tablescatalog/lake"


def names(answer: Any, items: str) -> list[tuple[str, str]]:
    return [(each["CatalogId"], each["Name"]) for each in answer[items]]


def test_what_lies_within_is_listed_and_found_there_only(http: Http) -> None:
    """s3-tables-grant-permissions: CatalogId is account:s3tablescatalog/bucket"""
    lake = Lake(http, OWNER).sales()
    lake.glue.create_database(CatalogId=WITHIN, DatabaseInput={"Name": "sales"})
    lake.glue.create_table(CatalogId=WITHIN, DatabaseName="sales", TableInput={"Name": "t"})
    assert names(lake.glue.get_databases(CatalogId=WITHIN), "DatabaseList") == [(WITHIN, "sales")]
    assert names(lake.glue.get_databases(), "DatabaseList") == [(OWNER, "sales")]
    table = lake.glue.get_table(CatalogId=WITHIN, DatabaseName="sales", Name="t")["Table"]
    assert (table["CatalogId"], table["DatabaseName"]) == (WITHIN, "sales")
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        lake.glue.get_table(DatabaseName="sales", Name="t")


def test_grants_and_tags_are_on_what_lies_within(http: Http) -> None:
    lake = Lake(http, OWNER).sales()
    lake.glue.create_database(CatalogId=WITHIN, DatabaseInput={"Name": "ns"})
    lake.glue.create_table(
        CatalogId=WITHIN,
        DatabaseName="ns",
        TableInput={"Name": "t", "StorageDescriptor": {"Columns": [{"Name": "a", "Type": "int"}]}},
    )
    there = {"Table": {"CatalogId": WITHIN, "DatabaseName": "ns", "Name": "t"}}
    analyst = lake.role("analyst")
    lake.grant(analyst, there, "SELECT")
    (row,) = lake.lf.list_permissions(Principal=principal(analyst), Resource=there)["PrincipalResourcePermissions"]
    (body,) = row["Resource"].values()
    assert (body["CatalogId"], body["DatabaseName"], body["Name"]) == (WITHIN, "ns", "t")
    lake.tag("class", "public")
    lake.put(there, **{"class": "public"})
    (tag,) = lake.lf.get_resource_lf_tags(Resource=there)["LFTagsOnTable"]
    assert tag["TagValues"] == ["public"]
    found = lake.lf.search_tables_by_lf_tags(Expression=[{"TagKey": "class", "TagValues": ["public"]}])
    assert found["TableList"] == []
