"""Guesses of labels: never the least sensitive, by whole words, and not below what the domain says of the same name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.making.labels import guesses
from tests.estate import bank, variant

ORDER = ["public", "internal", "confidential", "restricted"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("email", "restricted"),
        ("customer_email", "restricted"),
        ("iban", "restricted"),
        ("date_of_birth", "restricted"),
        ("first_name", "restricted"),
        ("name", "restricted"),
        ("home_phone", "restricted"),
        ("ip_address", "restricted"),
        ("salary", "confidential"),
        ("credit_score", "confidential"),
        ("product_name", None),
        ("message", None),
        ("caged", None),
        ("quantity", None),
    ],
)
def test_names_that_tell_something(column: str, value: str | None) -> None:
    found = guesses(bank(), "investment-banking", [column])
    assert (found[column].value if found else None) == value


def test_the_domains_own_words_count_where_they_are_stricter_or_names_tell_nothing() -> None:
    found = guesses(bank(), "consumer-banking", ["status", "amount", "telephone"])
    assert (found["status"].value, found["status"].why) == ("internal", "as in credit-profile")
    assert (found["amount"].value, found["amount"].why) == ("confidential", "as in credit-profile")
    assert guesses(bank(), "investment-banking", ["status"]) == {}


@given(st.lists(st.text(st.characters(codec="ascii")) | st.sampled_from(["age", "amount", "isin", "nav", "status"])))
def test_no_guess_is_the_least_sensitive(columns: list[str]) -> None:
    for domain in bank().domains:
        assert all(each.value in ORDER[1:] for each in guesses(bank(), domain, columns).values())


def test_without_an_order_nothing_is_guessed() -> None:
    mesh = variant(("lf-tags/sensitivity.yaml", "ordered: true\n", "ordered: false\n"))
    assert guesses(mesh, "consumer-banking", ["email"]) == {}
