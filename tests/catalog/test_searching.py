"""Data are found by their names, meanings and labels, also misspelt; what fits best stands first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.catalog.searching import search
from tests.estate import bank

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
        (["restricted"], "credit-profile"),
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
