"""Checks of a data contract as rules of Glue Data Quality; what has no rule there gives none."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.spec.contracts.odcs import Property, Quality
from reconciler.spec.contracts.odcs_quality import column_rules, rules

COLUMN = Property(name="Amount")


@pytest.mark.parametrize(
    ("check", "dqdl"),
    [
        ({"metric": "nullValues", "must_be": 0}, 'IsComplete "amount"'),
        ({"metric": "missingValues", "must_be": 0}, 'IsComplete "amount"'),
        ({"metric": "nullValues", "unit": "percent", "must_be_less_than": 5}, 'Completeness "amount" > 0.95'),
        ({"metric": "duplicateValues", "must_be": 0}, 'IsUnique "amount"'),
        (
            {"metric": "invalidValues", "must_be": 0, "arguments": {"validValues": ["a", 'b"c']}},
            'ColumnValues "amount" in ["a", "b\\"c"]',
        ),
        ({"type": "custom", "engine": "DQDL", "implementation": ' Mean "amount" > 1 '}, 'Mean "amount" > 1'),
        ({"metric": "nullValues", "must_be": 3}, None),
        ({"metric": "nullValues", "must_be": False}, None),
        ({"metric": "invalidValues", "must_be": 0}, None),
        ({"type": "custom", "engine": "soda", "implementation": "x"}, None),
        ({"type": "custom", "engine": "dqdl", "implementation": {"a": 1}}, None),
        ({"type": "sql"}, None),
        ({"type": "text"}, None),
    ],
)
def test_checks_of_a_column(check: dict[str, Any], dqdl: str | None) -> None:
    assert rules(Quality(**check), COLUMN) == ([dqdl] if dqdl else [])


@pytest.mark.parametrize(
    ("check", "dqdl"),
    [
        ({"must_be": 1000}, "RowCount = 1000"),
        ({"must_be_greater_than": 1}, "RowCount > 1"),
        ({"must_be_greater_or_equal_to": 1}, "RowCount >= 1"),
        ({"must_be_less_than": 9}, "RowCount < 9"),
        ({"must_be_less_or_equal_to": 9}, "RowCount <= 9"),
        ({"must_be_between": (1, 9)}, "RowCount between 1 and 9"),
        ({}, None),
    ],
)
def test_checks_of_a_table(check: dict[str, Any], dqdl: str | None) -> None:
    assert rules(Quality(metric="rowCount", **check), None) == ([dqdl] if dqdl else [])


@pytest.mark.parametrize(
    ("column", "rules"),
    [
        (Property(name="a"), []),
        (Property(name="a", required=True, unique=True), ['IsComplete "a"', 'IsUnique "a"']),
        (Property(name="a", required=True, unique=True, primary_key=True), ['IsPrimaryKey "a"']),
    ],
)
def test_what_a_column_is_gives_rules(column: Property, rules: list[str]) -> None:
    assert column_rules(column) == rules


@pytest.mark.parametrize(
    ("check", "dqdl"),
    [
        ({"rule": "nullCount", "must_be": 0}, ['IsComplete "amount"']),
        ({"rule": "nullCheck"}, ['IsComplete "amount"']),
        ({"metric": "nullValues"}, []),
        (
            {"metric": "missingValues", "must_be": 0, "arguments": {"missingValues": [None, "", "N/A"]}},
            ['IsComplete "amount"', 'ColumnValues "amount" not in ["", "N/A"]'],
        ),
        ({"metric": "nullValues", "unit": "percent", "must_be_less_or_equal_to": 5}, ['Completeness "amount" >= 0.95']),
        ({"metric": "nullValues", "unit": "percent", "must_be_less_than": 5, "must_be_greater_than": 1}, []),
        (
            {"metric": "invalidValues", "must_be": 0, "arguments": {"pattern": "^[A-Z]\\d$", "validValues": [1, "a"]}},
            ['ColumnValues "amount" in [1, "a"]', 'ColumnValues "amount" matches "^[A-Z]\\\\d$"'],
        ),
        ({"metric": "duplicateValues", "must_be": 0, "must_not_be_between": [1, 2]}, []),
    ],
)
def test_names_and_arguments_of_every_version(check: dict[str, Any], dqdl: list[str]) -> None:
    assert rules(Quality(**check), COLUMN) == dqdl


def test_every_bound_counts_and_not_the_first_one() -> None:
    check = Quality(metric="rowCount", must_be_greater_than=1, must_be_less_or_equal_to=9, must_not_be=5)
    assert rules(check, None) == ["RowCount != 5", "RowCount > 1", "RowCount <= 9"]


def test_what_a_column_may_hold_is_a_rule() -> None:
    options = {"minimum": 1, "exclusiveMaximum": 9.5, "minLength": 2, "pattern": "x"}
    assert column_rules(Property(name="a", logical_type="integer", logical_type_options=options)) == [
        'ColumnValues "a" >= 1',
        'ColumnValues "a" < 9.5',
        'ColumnLength "a" >= 2',
    ]
    values = [{"value": "EUR", "label": "Euro"}, {"value": "USD"}]
    assert column_rules(Property(name="a", enum=values)) == ['ColumnValues "a" in ["EUR", "USD"]']
