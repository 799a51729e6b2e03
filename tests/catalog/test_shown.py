"""Everything that is listed can be shown by each of its names, and says who reads it as the evaluator does."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from reconciler.access import Access
from reconciler.catalog.listing import LISTS, records, table_of
from reconciler.catalog.names import KINDS
from reconciler.catalog.reading import reads_of
from reconciler.catalog.requests import requests
from reconciler.catalog.shown import lines, shown
from reconciler.catalog.shown_markdown import shown_markdown
from reconciler.errors import MeshformError
from reconciler.measures.promises import promises
from tests.estate import TODAY, access_of, bank, variant

PRICES = "domains/asset-management/products/fund-prices.yaml"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
SCIENTIST = "analytics-coe/data-scientist"


def access() -> Access:
    """The access that the example mesh asks for."""
    return access_of(bank())


def test_the_command_line_knows_what_can_be_listed() -> None:
    assert set(KINDS) == LISTS.keys()


@pytest.mark.parametrize("what", KINDS)
def test_every_list_has_rows_and_each_can_be_shown(what: str) -> None:
    rows = records(bank(), what, TODAY)
    assert table_of(what, rows).rows
    for row in rows:
        name = {"columns": f"{row.get('product')}.{row.get('table')}.{row['name']}"}.get(what, row["name"])
        found = shown(bank(), access(), f"{LISTS[what][0]}:{name}", TODAY)
        assert found.fields == row
        assert all("\x1b" not in line for line in lines(found, 80))
        assert "\n".join(shown_markdown(found)).startswith(f"## {LISTS[what][0]} ")
        json.dumps(found.as_json())


def test_who_reads_a_column_is_told_with_subscription_and_end() -> None:
    page = "\n".join(lines(shown(bank(), access(), "credit_card.amount", TODAY), 200))
    assert "analytics-coe/data-scientist" in page
    assert "2027-06-30" in page
    assert "credit-analyst" not in page


def test_what_goes_says_until_when_and_what_is_there_instead() -> None:
    """A column goes with its table, a table with its product, whichever is first."""
    mesh = variant(
        (PRICES, "approval:", "retires: {until: 2028-01-31, instead: consumer-banking/credit-profile}\napproval:"),
        (
            PRICES,
            "    tags: {sensitivity: public}\n",
            "    tags: {sensitivity: public}\n    retires: {until: 2029-01-31}\n",
        ),
        (
            PRICES,
            "description: ISO 4217 code}",
            "description: ISO 4217 code, retires: {until: 2027-06-30, instead: isin, reason: One is enough.}}",
        ),
    )
    rows = {
        what: {row["name"]: row for row in records(mesh, what, TODAY)} for what in ("products", "tables", "columns")
    }
    assert rows["products"]["fund-prices"]["retires"] == "2028-01-31"
    assert rows["tables"]["fund_price"]["retires"] == "2028-01-31"
    assert rows["columns"]["isin"]["instead"] == "consumer-banking/credit-profile"
    found = [rows["columns"]["currency"][name] for name in ("retires", "instead", "retires_reason")]
    assert found == ["2027-06-30", "isin", "One is enough."]
    assert rows["columns"]["amount"]["retires"] == ""
    page = "\n".join(lines(shown(mesh, access(), "fund_price.currency", TODAY), 200))
    assert "  retires: 2027-06-30\n  instead: isin\n  retires reason: One is enough." in page
    assert "retires" in table_of("products", records(mesh, "products", TODAY)).headings
    assert "retires" not in table_of("products", records(bank(), "products", TODAY)).headings


def test_a_name_of_several_things_is_told_with_what_to_write() -> None:
    mesh = variant(
        more={
            "teams/credit-profile.yaml": "apiVersion: meshform/v1\nkind: Team\nname: credit-profile\ndescription: x\n"
            "github: a/b\n"
        }
    )
    with pytest.raises(MeshformError, match="`product:consumer-banking/credit-profile`, `team:credit-profile`"):
        shown(mesh, access(), "credit-profile", TODAY)
    assert shown(mesh, access(), "team:credit-profile", TODAY).kind == "team"


def test_a_subscription_that_gives_nothing_now_is_shown_with_the_reason() -> None:
    """It is there, whoever or whatever took what it gives."""
    path = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
    document = (
        "apiVersion: meshform/v1\nkind: Suspension\nname: key\nsubscription: credit-risk-model\nreason: x\nby: y\n"
    )
    for mesh, status in (
        (
            variant(more={"suspensions/key.yaml": document}),
            "suspended: `meshform report exceptions` says by whom and why",
        ),
        (variant((path, "expires: 2027-06-30", "expires: 2026-06-30")), "ended on 2026-06-30"),
    ):
        found = shown(mesh, access_of(mesh), "credit-risk-model", TODAY)
        assert (found.kind, found.fields["status"], found.readers) == ("subscription", status, ())
        assert f"  status: {status}" in lines(found, 200)
        json.dumps(found.as_json())
    assert "status" not in shown(bank(), access(), "credit-risk-model", TODAY).fields


def test_what_is_not_there_says_what_is_near() -> None:
    with pytest.raises(MeshformError, match="did you mean credit-profile"):
        shown(bank(), access(), "credit-profil", TODAY)


def test_what_somebody_reads_is_counted_by_columns() -> None:
    reads = reads_of(bank(), SCIENTIST)
    assert reads.of("credit-profile") == "17 of 21 columns"
    assert reads.of("credit-profile.credit_card.age") == "nothing"
    assert reads.of("credit-profile.credit_card.amount") == "all"
    assert reads.of("fund-prices") == "nothing"


def test_a_partition_key_is_shown_and_counts_for_itself_only() -> None:
    asked = (
        "apiVersion: meshform/v1\nkind: Subscription\nname: funds\nconsumer: analytics-coe\npurpose: To look\n"
        "product: asset-management/fund-prices\nprincipals: [data-scientist]\n"
        "tables: [{name: fund_price, columns: [isin, currency, net_asset_value]}]\n"
    )
    mesh = variant(more={"consumers/analytics-coe/subscriptions/funds.yaml": asked})
    evaluated = access_of(mesh)
    key = shown(mesh, evaluated, "fund_price.trading_day", TODAY)
    assert key.as_json()["is_partition_key"] is True
    assert SCIENTIST in {fact.name for fact in key.readers}
    reads = reads_of(mesh, SCIENTIST, evaluated)
    assert reads.of("fund-prices") == reads.of("fund-prices.fund_price") == "3 of 4 columns"
    assert reads.of("fund-prices.fund_price.trading_day") == reads.of("subscription:funds") == "all"
    assert reads_of(mesh, "analytics-coe/credit-analyst", evaluated).of("subscription:funds") == "nothing"


def test_words_of_others_stay_words_in_markdown() -> None:
    mesh = variant((PRICES, "description: ISO 4217 code}", "description: 'a | b <img> @all [x](y)'}"))
    page = "\n".join(shown_markdown(shown(mesh, access(), "fund-prices", TODAY, promises(mesh, {}, NOW))))
    assert "### columns" in page
    assert "### promises" in page
    for sign in ("<img", "@all", "](y"):
        assert sign not in page
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert any("ISO" not in line and "img" in line for line in rows)


def test_requests_and_promises_are_shown_with_what_they_are_about() -> None:
    promised = tuple(promises(bank(), {}, NOW))
    asked = requests(bank(), TODAY, None, None)
    for name, sorts, names in (
        ("product:credit-profile", ["freshness", "quality"], {"credit-risk-model", "portfolio-report"}),
        ("credit-profile.credit_card", ["freshness", "quality"], set()),
        ("fund-prices", ["freshness", "quality"], set()),
        ("portfolio-report", [], {"portfolio-report"}),
        ("consumer:analytics-coe", [], {"credit-risk-model", "portfolio-report"}),
    ):
        thing = shown(bank(), access(), name, TODAY, promised, asked)
        assert sorted(each.sort for each in thing.promises) == sorts, name
        assert {each.name for each in thing.requests} == names, name
        text = "\n".join(lines(thing, 140))
        assert ("not seen: it was not measured" in text) == bool(sorts)
        assert ("whether it was applied is not known here" in " ".join(text.split())) == bool(names)
        assert len(thing.as_json()["requests"]) == len(names)
