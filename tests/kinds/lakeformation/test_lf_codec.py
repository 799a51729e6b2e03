"""Lake Formation's many ways to write a resource have one canonical form, and the form can be written back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds.lakeformation import lf_codec
from reconciler.model.lakeformation import (
    ALL_TABLES,
    Grant,
    OnCatalog,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnLocation,
    OnOther,
    OnSavedExpression,
    OnTable,
    OnTag,
    OnTagPolicy,
    Target,
    expression,
)

OWN = "111111111111"
NAME = st.text("abcdefghij_0123456789", min_size=1, max_size=10)
CATALOG = st.sampled_from([OWN, "222222222222"])
DATABASE = st.lists(NAME, min_size=1, max_size=3).map("/".join)
COLUMNS = st.lists(NAME, min_size=1, max_size=5, unique=True).map(sorted).map(tuple)
TERMS = st.dictionaries(NAME, st.lists(NAME, min_size=1, max_size=3), min_size=1, max_size=3).map(expression)
OF = st.sampled_from(["DATABASE", "TABLE"])
TARGET: st.SearchStrategy[Target] = st.one_of(
    st.builds(OnCatalog, CATALOG),
    st.builds(OnDatabase, CATALOG, DATABASE),
    st.builds(OnTable, CATALOG, DATABASE, st.one_of(NAME, st.just(ALL_TABLES))),
    st.builds(OnColumns, CATALOG, DATABASE, NAME, COLUMNS, st.booleans()),
    st.builds(OnFilter, CATALOG, DATABASE, NAME, NAME),
    st.builds(OnLocation, CATALOG, NAME.map("arn:aws:s3:::{}".format)),
    st.builds(OnTag, CATALOG, NAME, NAME),
    st.builds(OnTagPolicy, CATALOG, OF, TERMS),
    st.builds(OnSavedExpression, CATALOG, OF, NAME),
)


@given(TARGET)
def test_what_is_written_reads_back_as_the_same(target: Target) -> None:
    assert tuple(lf_codec.decode_targets(lf_codec.encode(target), OWN)) == (target,)


@given(st.sampled_from([OnDatabase, OnTable]), DATABASE)
def test_a_catalog_within_is_told_apart_where_aws_is_asked(of: Any, database: str) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/s3-tables-grant-permissions.html"""
    target = OnDatabase(OWN, database) if of is OnDatabase else OnTable(OWN, database, "t")
    ((_, body),) = lf_codec.encode(target).items()
    *within, name = database.split("/")
    assert body["CatalogId"] == ":".join([OWN, *filter(None, ["/".join(within)])])
    assert body["DatabaseName" if of is OnTable else "Name"] == name


def only(resource: dict[str, Any]) -> Target:
    (target,) = lf_codec.decode_targets(resource, OWN)
    return target


DB, TABLE = {"DatabaseName": "D"}, {"DatabaseName": "D", "Name": "T"}


@pytest.mark.parametrize(
    ("resource", "target"),
    [
        ({"Catalog": {}}, OnCatalog(OWN)),
        ({"Catalog": {"Id": "222222222222"}}, OnCatalog("222222222222")),
        ({"Database": {"Name": "Sales"}}, OnDatabase(OWN, "sales")),
        ({"Database": {"CatalogId": "2", "Name": "Sales"}}, OnDatabase("2", "sales")),
        ({"Table": TABLE}, OnTable(OWN, "d", "t")),
        ({"Table": {**DB, "TableWildcard": {}}}, OnTable(OWN, "d", ALL_TABLES)),
        ({"Table": {**DB, "Name": "ALL_TABLES"}}, OnTable(OWN, "d", ALL_TABLES)),
        ({"Table": {**DB, "Name": "ALL_TABLES", "TableWildcard": {}}}, OnTable(OWN, "d", ALL_TABLES)),
        ({"TableWithColumns": {**TABLE, "ColumnWildcard": {}}}, OnTable(OWN, "d", "t")),
        ({"TableWithColumns": {**TABLE, "ColumnWildcard": {"ExcludedColumnNames": []}}}, OnTable(OWN, "d", "t")),
        ({"TableWithColumns": {**DB, "Name": "ALL_TABLES", "ColumnWildcard": {}}}, OnTable(OWN, "d", ALL_TABLES)),
        ({"TableWithColumns": {**TABLE, "ColumnNames": ["B", "a"]}}, OnColumns(OWN, "d", "t", ("a", "b"))),
        (
            {"TableWithColumns": {**TABLE, "ColumnWildcard": {"ExcludedColumnNames": ["Z", "b"]}}},
            OnColumns(OWN, "d", "t", ("b", "z"), excluded=True),
        ),
        ({"DataLocation": {"ResourceArn": "arn:aws:s3:::b/p/"}}, OnLocation(OWN, "arn:aws:s3:::b/p")),
        (
            {"DataCellsFilter": {"TableCatalogId": "2", "DatabaseName": "D", "TableName": "T", "Name": "F"}},
            OnFilter("2", "d", "t", "F"),
        ),
        (
            {
                "LFTagPolicy": {
                    "ResourceType": "TABLE",
                    "Expression": [{"TagKey": "B", "TagValues": ["y", "X"]}, {"TagKey": "a", "TagValues": ["z"]}],
                }
            },
            OnTagPolicy(OWN, "TABLE", (("a", ("z",)), ("b", ("x", "y")))),
        ),
        ({"LFTagPolicy": {"ResourceType": "TABLE", "ExpressionName": "e"}}, OnSavedExpression(OWN, "TABLE", "e")),
    ],
)
def test_every_spelling_has_one_canonical_form(resource: dict[str, Any], target: Target) -> None:
    assert only(resource) == target


def test_a_tag_row_with_many_values_is_many_atoms() -> None:
    row = {
        "Principal": {"DataLakePrincipalIdentifier": "arn:aws:iam::1:role/r"},
        "Resource": {"LFTag": {"TagKey": "K", "TagValues": ["B", "a"]}},
        "Permissions": ["DESCRIBE", "ASSOCIATE"],
        "PermissionsWithGrantOption": ["DESCRIBE"],
    }
    atoms = set(lf_codec.decode(row, OWN))
    assert len(atoms) == 4
    assert Grant("arn:aws:iam::1:role/r", OnTag(OWN, "k", "b"), "DESCRIBE", True) in atoms
    assert Grant("arn:aws:iam::1:role/r", OnTag(OWN, "k", "a"), "ASSOCIATE", False) in atoms


@pytest.mark.parametrize("spelling", ["IAM_ALLOWED_PRINCIPALS", "IAM_Allowed_Principals", "IAM_allowed_principals"])
def test_everybody_of_iam_has_one_spelling(spelling: str) -> None:
    row = {
        "Principal": {"DataLakePrincipalIdentifier": spelling},
        "Resource": {"Database": {"Name": "d"}},
        "Permissions": ["ALL"],
    }
    assert next(iter(lf_codec.decode(row, OWN))).principal == "IAM_ALLOWED_PRINCIPALS"


def test_arns_keep_their_case() -> None:
    row = {
        "Principal": {"DataLakePrincipalIdentifier": "arn:aws:iam::1:role/Mixed"},
        "Resource": {"Database": {"Name": "d"}},
        "Permissions": ["DESCRIBE"],
        "Condition": {"Expression": "context.x = 1"},
    }
    (grant,) = lf_codec.decode(row, OWN)
    assert grant.principal.endswith("/Mixed")
    assert grant.condition == "context.x = 1"


def test_a_resource_of_a_newer_kind_is_kept_as_it_is() -> None:
    newer = {"Hologram": {"CatalogId": "2", "Shape": "cube"}}
    target = only(newer)
    assert isinstance(target, OnOther)
    assert target.catalog == "2"
    assert lf_codec.encode(target) == newer
