"""The example mesh: free of findings, and the credit profile is what the data are."""

from __future__ import annotations

import csv
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from reconciler.spec.load import Loaded, load
from reconciler.spec.tags import readable_columns
from reconciler.spec.yaml.source import folder_sources

ROOT = Path(__file__).parents[2]
PROTECTED = {"personal_status_sex", "age", "telephone", "foreign_worker"}
BUSINESS = {"credit_risk", "credit_history", "amount"}


@pytest.fixture(scope="module")
def example() -> Loaded:
    return load(folder_sources(ROOT / "mesh"), date(2026, 11, 22))


def test_the_example_has_no_findings(example: Loaded) -> None:
    assert example.findings == ()


def test_the_credit_profile_has_the_columns_of_the_data(example: Loaded) -> None:
    assert example.mesh is not None
    table = example.mesh.products["credit-profile"].table("credit_card")
    data = files("reconciler") / "data" / "german-credit" / "credit_card.csv"
    with data.open(encoding="utf-8") as file:
        header, *rows = list(csv.reader(file))
    assert [column.name for column in table.columns] == header
    assert len(rows) == 1000
    assert {column.type for column in table.columns} == {"int"}
    assert all(value.lstrip("-").isdigit() for row in rows for value in row)


def test_clearances_open_17_and_14_of_the_21_columns(example: Loaded) -> None:
    mesh = example.mesh
    assert mesh is not None
    product = mesh.products["credit-profile"]
    table = product.table("credit_card")
    every = {column.name for column in table.columns}
    model = readable_columns(mesh, mesh.subscriptions["credit-risk-model"], product, table)
    report = readable_columns(mesh, mesh.subscriptions["portfolio-report"], product, table)
    assert set(model) == every - PROTECTED
    assert set(report) == every - PROTECTED - BUSINESS
    assert (len(every), len(model), len(report)) == (21, 17, 14)


def test_the_example_has_all_parts_and_three_domains(example: Loaded) -> None:
    mesh = example.mesh
    assert mesh is not None
    assert {part for account in mesh.accounts.values() for part in account.parts} == {"central", "producer", "consumer"}
    assert {domain: len(mesh.products_of(mesh.domains[domain])) for domain in mesh.domains} == {
        "asset-management": 1,
        "consumer-banking": 1,
        "investment-banking": 1,
    }
