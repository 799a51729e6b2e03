"""Importing again: what is there stays, what is new is added or told with its lines, what is gone is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml

from reconciler.importing.importing import Done
from reconciler.importing.page import Page
from tests.estate import ANALYTICS, BANKING, Estate
from tests.importing.laws import basis_of, hold_the_laws, import_again, import_of
from tests.importing.test_odd_estates import IAM_ROLE, give
from tests.importing.test_parts import shared

BASIS = basis_of(BANKING, ANALYTICS)
COLUMNS = [{"Name": "a", "Type": "int"}, {"Name": "b", "Type": "string"}]


@pytest.fixture
def first(estate: Estate) -> Done:
    """An estate with a shared database, imported."""
    shared(estate, "parameters")
    return import_of(estate, BASIS)[0]


def fresh(estate: Estate, database: str) -> Any:
    place = {"Columns": COLUMNS, "Location": f"s3://lake/{database}/fresh/"}
    glue = estate.client("glue")
    glue.create_table(DatabaseName=database, TableInput={"Name": "fresh", "StorageDescriptor": place})
    estate.fresh_sessions()
    return glue


@pytest.mark.parametrize("database", [pytest.param("sales", marks=pytest.mark.soak), "house"])
def test_a_new_table_is_told_with_lines_that_declare_it(estate: Estate, first: Done, database: str) -> None:
    fresh(estate, database)
    again = import_again(estate, first, BASIS)
    assert again.pages == ()
    (new,) = again.new
    assert (new.database, new.table) == (database, "fresh")
    declared = [_with_table(page, new.lines) if page.name == new.products[0] else page for page in first.pages]
    after = import_again(estate, replace(first, pages=tuple(declared)), BASIS)
    assert after.new == after.pages == ()
    assert after.reckoning is not None
    assert after.reckoning.steps == after.reckoning.held == ()
    assert [atom.fate for atom in after.reckoning.atoms if atom.name == f"{database}.fresh"] == ["explained"]


def test_a_permission_on_a_new_table_is_adopted_and_its_database_becomes_a_product(estate: Estate, first: Done) -> None:
    glue = fresh(estate, "sales")
    glue.create_database(DatabaseInput={"Name": "more"})
    fresh(estate, "more")
    for database in ("sales", "more"):
        where = {"Table": {"DatabaseName": database, "Name": "fresh"}}
        give(estate.client("lakeformation"), IAM_ROLE, where, "SELECT", "DESCRIBE")
    estate.fresh_sessions()
    again = import_again(estate, first, BASIS)
    assert {page.kind for page in again.pages} == {"Adopted", "Product", "Subscription"}
    assert again.mesh is not None
    assert again.mesh.products["more"].tables[0].name == "fresh"
    hold_the_laws(again, again.read)


def test_a_table_that_is_gone_is_told(estate: Estate, first: Done) -> None:
    glue = estate.client("glue")
    glue.delete_table(DatabaseName="sales", Name="orders")
    glue.delete_table(DatabaseName="house", Name="claims")
    estate.fresh_sessions()
    again = import_again(estate, first, BASIS)
    assert again.pages == again.new == ()
    assert again.reckoning is not None
    told = [each for each in again.reckoning.held if each.startswith("table ")]
    assert [each.partition(":")[0] for each in told] == ["table house.claims", "table sales.orders"]


def _with_table(page: Page, lines: str) -> Page:
    tables = page.fields["tables"]
    assert isinstance(tables, list)
    return replace(page, fields={**page.fields, "tables": [*tables, *yaml.safe_load(lines)]})
