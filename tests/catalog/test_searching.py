"""Data are found by their names, meanings and labels, also misspelt; what fits best stands first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.catalog.searching import search
from tests.estate import bank, variant

NAMES = sorted(
    f"{product.name}.{table.name}.{column.name}"
    for product in bank().products.values()
    for table in product.tables
    for column in table.columns
)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (["credit", "risk"], "credit-profile.credit_card.credit_risk"),
        (["credt", "risk"], "credit-profile.credit_card.credit_risk"),
        (["fund"], "fund-prices"),
        (["fund-prices"], "fund-prices"),
        (["net", "asset"], "fund-prices.fund_price.net_asset_value"),
        (["restricted"], "sensitivity=restricted"),
        (["AGE"], "credit-profile.credit_card.age"),
    ],
)
def test_the_best_hit_stands_first(words: list[str], first: str) -> None:
    assert search(bank(), words)[0].name == first


@pytest.mark.parametrize("words", [[], [""], ["zzzz"], ["credit", "zzzz"], ["*"], ["("]])
def test_what_fits_nothing_finds_nothing(words: list[str]) -> None:
    assert search(bank(), words) == []


@given(st.sampled_from(NAMES))
def test_everything_is_found_by_its_own_name(name: str) -> None:
    assert name in {hit.name for hit in search(bank(), [name])}


@given(st.sampled_from([name for name in NAMES if len(name.rpartition(".")[2]) >= 7]), st.data())
def test_one_wrong_letter_hides_nothing(name: str, data: st.DataObject) -> None:
    word = max(name.rpartition(".")[2].split("_"), key=len)
    if len(word) < 6:
        return
    at = data.draw(st.integers(0, len(word) - 1))
    assert name in {hit.name for hit in search(bank(), [word[:at] + "x" + word[at + 1 :]])}


def test_what_goes_is_found_with_its_last_day() -> None:
    """That of what it is in, where that comes first."""
    prices = "domains/asset-management/products/fund-prices.yaml"
    mesh = variant(
        (
            prices,
            "    tags: {sensitivity: public}\n",
            "    tags: {sensitivity: public}\n    retires: {until: 2029-01-31}\n",
        ),
        (prices, "description: ISO 4217 code}", "description: ISO 4217 code, retires: {until: 2027-06-30}}"),
    )
    days = {hit.name: hit.retires for hit in search(mesh, ["fund"])}
    assert days["fund-prices"] == ""
    assert days["fund-prices.fund_price"] == days["fund-prices.fund_price.isin"] == "2029-01-31"
    assert days["fund-prices.fund_price.currency"] == "2027-06-30"
