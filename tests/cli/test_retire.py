"""retire and rename-column: what goes is announced, its readers are named, and wrong answers change nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run, edit

PRICES = "domains/asset-management/products/fund-prices.yaml"
CREDITS = "domains/consumer-banking/products/credit-profile.yaml"


def added(folder: Path, file: str, before: str) -> list[str]:
    return [line.strip() for line in (folder / file).read_text().splitlines() if line not in before.splitlines()]


def test_a_product_is_announced_and_whoever_reads_it_is_warned(folder: Path, run: Run) -> None:
    before = (folder / CREDITS).read_text()
    ran = run(
        "retire", "credit-profile", "--until", "2027-06-30", "--instead", "fund-prices", "--why", "no: it's old #1"
    )
    assert ran.code == 0, ran.err
    assert "analytics-coe/credit-analyst: portfolio-report" in ran.out
    assert "Nobody gains or loses access." in ran.out
    assert added(folder, CREDITS, before) == [
        'retires: {until: 2027-06-30, instead: fund-prices, reason: "no: it\'s old #1"}'
    ]
    assert run("fmt", "--check").code == 0
    told = run("validate")
    assert told.code == 0
    assert told.err.count("reads-what-retires") == 2
    due = run("expire", "--days", "300")
    assert "Going within 300 days" in due.out
    assert "read fund-prices instead" in due.out


def test_a_column_of_a_format_with_names_has_both(folder: Path, run: Run) -> None:
    before = (folder / PRICES).read_text()
    ran = run("rename-column", "fund_price.net_asset_value", "value", "--until", "2027-03-01")
    assert ran.code == 0, ran.err
    assert "write both until 2027-03-01" in ran.out
    lines = added(folder, PRICES, before)
    assert [line for line in lines if line.startswith("- {name: value,")]
    assert "- {rule: 'ColumnValues \"net_asset_value\" > 0', promise: 1.0}" in before
    assert "- {rule: 'ColumnValues \"value\" > 0'}" in lines


def test_a_column_of_a_format_without_names_is_called_otherwise_later(folder: Path, run: Run) -> None:
    ran = run("rename-column", "credit_card.amount", "sum", "--until", "2027-03-01")
    assert ran.code == 0, ran.err
    assert "there cannot be both names" in ran.out
    assert "name: sum" not in (folder / CREDITS).read_text()


def test_what_is_over_exits_with_two_and_tells(folder: Path, run: Run) -> None:
    edit(folder, PRICES, "approval:", "retires: {until: 2026-11-01}\napproval:")
    ran = run("expire")
    assert ran.code == 2
    assert "Past their last day, and still there" in ran.out
    assert "product fund-prices" in ran.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("retire", "fund-price", "--until", "2027-06-30"), "did you mean fund-prices"),
        (("retire", "fund-prices", "--until", "2026-06-30"), "is over already"),
        (("retire", "fund-prices", "--until", "tomorrow"), "is no day"),
        (("retire", "fund-prices"), "--until"),
        (("retire", "fund-prices", "--until", "2027-06-30", "--instead", "nothing"), "there is no product nothing"),
        (("retire", "fund-prices", "--until", "2027-06-30", "--why", ""), "must say something"),
        (("rename-column", "fund_price", "x", "--until", "2027-06-30"), "Only columns are renamed"),
        (("rename-column", "fund_price.isin", "currency", "--until", "2027-06-30"), "has a column currency already"),
        (("rename-column", "fund_price.isin", "trading_day", "--until", "2027-06-30"), "already"),
        (("rename-column", "fund_price.isin", "ISIN Code", "--until", "2027-06-30"), "lower"),
        (("rename-column", "fund_price.isin", "ctid", "--until", "2027-06-30"), "ctid"),
    ],
)
def test_a_wrong_answer_changes_nothing(folder: Path, run: Run, words: tuple[str, ...], says: str) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    ran = run(*words)
    assert ran.code != 0
    assert says in " ".join(ran.err.split())
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
