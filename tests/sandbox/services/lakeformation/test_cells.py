"""Data cells filters and the language of their row filters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import OWNER, Http
from tests.sandbox.lakes import Lake, cells, columns, principal, refused, table

INVALID = "InvalidInputException"
KEY = {"TableCatalogId": OWNER, "DatabaseName": "sales", "TableName": "orders"}


@pytest.fixture
def lake(http: Http) -> Lake:
    lake = Lake(http)
    lake.database()
    lake.table(keys=("day",))
    typed = [{"Name": "a", "Type": "int"}, {"Name": "tags", "Type": "array<string>"}]
    lake.table(name="typed", StorageDescriptor={"Columns": typed, "Location": "s3://lake/typed/"})
    return lake


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


def test_nested_columns_are_not_simulated(lake: Lake) -> None:
    code, message = refused(lake.filter, "f", only=("address.zip",))
    assert (code, "nested" in message) == ("NotImplemented", True)
