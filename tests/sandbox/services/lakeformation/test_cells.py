"""Data cells filters and the language of their row filters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import OWNER, Http
from tests.sandbox.lakes import Inside, Lake, Lakes, cells, columns, principal, refused, table

INVALID = "InvalidInputException"
KEY = {"TableCatalogId": OWNER, "DatabaseName": "sales", "TableName": "orders"}


@pytest.fixture
def lake(http: Http, lakes: Lakes) -> Lake:
    (lake,) = lakes.again(http, typed_tables)
    return lake


def typed_tables(http: Http | Inside) -> tuple[Lake, ...]:
    lake = Lake(http)
    lake.database()
    lake.table(keys=("day",))
    typed = [{"Name": "a", "Type": "int"}, {"Name": "tags", "Type": "array<string>"}]
    lake.table(name="typed", StorageDescriptor={"Columns": typed, "Location": "s3://lake/typed/"})
    return (lake,)


def _get(lake: Lake, name: str) -> dict[str, Any]:
    found: dict[str, Any] = lake.lf.get_data_cells_filter(**KEY, Name=name)["DataCellsFilter"]
    return found


def test_a_filter_lives_from_create_to_delete(lake: Lake) -> None:
    """API CreateDataCellsFilter, UpdateDataCellsFilter, DeleteDataCellsFilter"""
    analyst = lake.role("analyst")
    lake.filter("german", "country = 'de'", only=("id", "country"))
    first = _get(lake, "german")
    assert first["RowFilter"] == {"FilterExpression": "country = 'de'"}
    assert first["ColumnNames"] == ["id", "country"]
    assert refused(lake.filter, "german")[0] == "AlreadyExistsException"
    lake.grant(analyst, cells("german"), "SELECT")
    data = KEY | {"Name": "german", "RowFilter": {"AllRowsWildcard": {}}}
    wildcard = {"ColumnWildcard": {"ExcludedColumnNames": ["name"]}}
    lake.lf.update_data_cells_filter(TableData=data | wildcard | {"VersionId": first["VersionId"]})
    second = _get(lake, "german")
    assert (second["ColumnWildcard"], second["RowFilter"]) == (wildcard["ColumnWildcard"], {"AllRowsWildcard": {}})
    assert second["VersionId"] != first["VersionId"]
    stale = data | wildcard | {"VersionId": first["VersionId"]}
    assert refused(lake.lf.update_data_cells_filter, TableData=stale)[0] == "ConcurrentModificationException"
    lake.lf.delete_data_cells_filter(**KEY, Name="german")
    assert refused(_get, lake, "german")[0] == "EntityNotFoundException"
    assert lake.rows(analyst, Resource=table(), IncludeRelated="TRUE") == []


def test_filters_are_listed_by_table_or_all(lake: Lake) -> None:
    """API ListDataCellsFilter"""
    lake.filter("one")
    lake.filter("two", TableName="typed")

    def names(**given: Any) -> list[str]:
        return [f["Name"] for f in lake.lf.list_data_cells_filter(**given)["DataCellsFilters"]]

    assert names() == ["one", "two"]
    assert names(Table={"DatabaseName": "sales", "Name": "typed"}) == ["two"]


@pytest.mark.parametrize(
    "given",
    [
        {"ColumnNames": ["none"]},
        {"ColumnNames": ["id"], "ColumnWildcard": {}},
        {"ColumnWildcard": {"ExcludedColumnNames": ["day"]}},
        {"RowFilter": {"FilterExpression": "id = '1'", "AllRowsWildcard": {}}},
    ],
)
def test_a_filter_that_contradicts_its_table_is_refused(lake: Lake, given: dict) -> None:
    """dg/data-filtering-notes"""
    data = KEY | {"Name": "f", "RowFilter": {"AllRowsWildcard": {}}}
    if "ColumnNames" not in given:
        data = data | {"ColumnWildcard": {}}
    assert refused(lake.lf.create_data_cells_filter, TableData=data | given)[0] == INVALID


@pytest.mark.parametrize(
    "expression",
    [
        "country = 'de'",
        "country <> 'it''s' AND amount >= 10.5",
        "(country IN ('de', 'fr') OR NOT amount < -1) and name like 'A%'",
        'amount BETWEEN 1 AND 2e3 AND "name" IS NOT NULL',
        "country NOT IN ('de') AND name NOT LIKE 'x%' AND amount NOT BETWEEN 1 AND 2",
        "day = '2025-01-01'",
        "COUNTRY = 'de'",
    ],
)
def test_the_documented_operators_are_accepted(lake: Lake, expression: str) -> None:
    """dg/partiql-support"""
    lake.filter("f", expression)
    assert _get(lake, "f")["RowFilter"]["FilterExpression"] == expression


@pytest.mark.parametrize(
    "expression",
    [
        "lower(country) = 'de'",
        "country = name",
        "none = 1",
        "country = ",
        "country 'de'",
        "(country = 'de'",
        "country = 'de' amount = 1",
        "1 = 1",
        "day IS NULL",
        "country LIKE 5",
        "country = 'de",
        "ctid = 1",
        "country = 'de'; drop table orders",
        "country = '" + "x" * 2048 + "'",
        "(" * 1000 + "country = 'de'" + ")" * 1000,
        "country = (SELECT 'de')",
        "country = 'de' -- and nothing else",
        "country = 'de' UNION SELECT 1",
        "read_text('/etc/passwd') = 'x'",
        "current_user = 'x'",
    ],
)
def test_anything_else_is_refused(lake: Lake, expression: str) -> None:
    """dg/partiql-support, dg/data-filtering-notes: no functions, no columns compared, no NULL test on keys"""
    assert refused(lake.filter, "f", expression)[0] == INVALID


def test_arrays_cannot_be_compared(lake: Lake) -> None:
    """dg/partiql-support: types"""
    lake.filter("good", "a > 1", TableName="typed")
    assert refused(lake.filter, "bad", "tags = 'x'", TableName="typed")[0] == INVALID


def test_a_filter_is_made_by_who_may_pass_on_the_whole_table(lake: Lake) -> None:
    """dg/data-filtering-notes: SELECT with grant option on all columns and rows"""
    analyst = lake.role("analyst")
    theirs = lake.client("lakeformation", "analyst")
    data = KEY | {"Name": "f", "RowFilter": {"FilterExpression": "id = '1'"}, "ColumnNames": ["id"]}
    lake.grant(analyst, columns("id"), "SELECT", option=["SELECT"])
    assert refused(theirs.create_data_cells_filter, TableData=data)[0] == "AccessDeniedException"
    lake.revoke(analyst, columns("id"), "SELECT")
    lake.grant(analyst, table(), "SELECT", option=["SELECT"])
    theirs.create_data_cells_filter(TableData=data)
    other = principal(lake.role("other"))
    theirs.grant_permissions(Principal=other, Resource=cells("f"), Permissions=["SELECT"])


NESTED = {"DatabaseName": "sales", "TableName": "people"}


@pytest.fixture
def people(lake: Lake) -> Lake:
    kind = "struct<zip:string,geo:struct<lat:double,lon:double>,tags:array<struct<a:int>>>"
    deep = "struct<b:struct<c:struct<d:struct<e:struct<f:int>>>>>"
    typed = [{"Name": "id", "Type": "int"}, {"Name": "address", "Type": kind}, {"Name": "a", "Type": deep}]
    lake.table(name="people", StorageDescriptor={"Columns": typed, "Location": "s3://lake/people/"})
    return lake


@pytest.mark.parametrize("name", ['"address"."zip"', '"Address"."GEO"."lat"', '"address"."geo"', '"a"."b"."c"."d"."e"'])
def test_fields_of_structs_are_taken_and_told_as_they_were_named(people: Lake, name: str) -> None:
    people.filter("f", only=("id", name), **NESTED)
    found = people.lf.get_data_cells_filter(**{**KEY, **NESTED}, Name="f")["DataCellsFilter"]
    assert found["ColumnNames"] == ["id", name.lower()]


@pytest.mark.parametrize(
    "name", ['"address"."city"', '"address"."tags"."a"', "address.zip", '"id"."x"', '"a"."b"."c"."d"."e"."f"']
)
def test_fields_that_are_not_there_in_an_array_or_too_deep_are_refused(people: Lake, name: str) -> None:
    assert refused(people.filter, "f", only=(name,), **NESTED)[0] == INVALID


def test_fields_and_a_condition_on_rows_do_not_go_together(people: Lake) -> None:
    """data-filtering-notes: no cell-level security on nested columns; a condition on a field alone is taken."""
    assert refused(people.filter, "f", "id = 1", only=('"address"."zip"',), **NESTED)[0] == INVALID
    people.filter("f", "address.zip = '1'", only=("id",), **NESTED)
