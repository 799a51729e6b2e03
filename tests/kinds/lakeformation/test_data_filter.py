"""A row condition is a data cells filter, changed in place so that nobody loses anything in between."""

from __future__ import annotations

import pytest

from reconciler.kinds.lakeformation.data_filter import DataFilterKind, _rows
from tests.estate import CENTRAL, Estate, actions, bank, specs, variant
from tests.story.test_main_law import named

KIND = DataFilterKind()
NAME = "credit-card.credit_card/credit-risk-model-credit_card"
ROWS = variant(named("{name: credit_card, columns: [amount, age], rows: 'amount > 1'}"))


def test_only_a_row_condition_makes_a_filter() -> None:
    assert specs("data-filter") == {}
    assert specs("data-filter", variant(named("{name: credit_card, columns: [age]}"))) == {}
    spec = specs("data-filter", ROWS)[NAME].spec
    assert spec.columns == ("age", "amount")
    assert not spec.excluded
    assert spec.rows == "amount > 1"


def test_a_filter_without_columns_shows_all_columns() -> None:
    (want,) = specs("data-filter", variant(named("{name: credit_card, rows: 'amount > 1'}"))).values()
    (call,) = KIND.create(want)
    assert call.params["TableData"]["ColumnWildcard"] == {"ExcludedColumnNames": []}


def test_a_changed_condition_is_an_update_in_place(built: Estate) -> None:
    built.repair(ROWS)
    narrower = variant(named("{name: credit_card, columns: [amount, age], rows: 'amount > 1000'}"))
    assert actions(built.plan(narrower)) == {f"update data-filter {NAME}"}
    built.repair(narrower)
    built.repair(bank())


def test_a_filter_made_by_a_hand_on_our_table_goes(built: Estate) -> None:
    place = {"TableCatalogId": CENTRAL, "DatabaseName": "credit-card", "TableName": "credit_card"}
    everything = {"RowFilter": {"AllRowsWildcard": {}}, "ColumnWildcard": {}}
    built.client("lakeformation").create_data_cells_filter(TableData={**place, "Name": "by-hand", **everything})
    assert actions(built.plan()) == {"delete data-filter credit-card.credit_card/by-hand"}
    built.repair()


def test_a_filter_goes_after_its_grants(built: Estate) -> None:
    built.repair(ROWS)
    plan = built.plan()
    waves = {step.address: number for number, wave in enumerate(plan.waves) for step in wave}
    (gone,) = [step for step in plan.steps if step.address.kind == "data-filter"]
    on_filter = [step for step in plan.steps if step.address.kind == "grant" and "on filter" in step.address.name]
    assert len(on_filter) == 2
    assert all(waves[step.address] < waves[gone.address] for step in on_filter)
    built.repair()


@pytest.mark.parametrize(
    ("listed", "rows"),
    [
        ({"FilterExpression": "TRUE", "AllRowsWildcard": {}}, ""),
        ({"AllRowsWildcard": {}}, ""),
        ({"FilterExpression": "amount > 1"}, "amount > 1"),
    ],
)
def test_a_filter_over_all_rows_restricts_none_however_aws_lists_it(listed: dict[str, object], rows: str) -> None:
    """Recorded: AWS lists the expression TRUE beside the wildcard."""
    assert _rows(listed) == rows
