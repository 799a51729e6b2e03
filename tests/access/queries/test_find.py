"""Whom and what people mean by a word, and what is said where nothing, or more than one thing, has that name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from reconciler.access import Access, TableId, evaluate
from reconciler.access.queries.ask import members_of
from reconciler.access.queries.find import Unknown, principal, table, table_and_column, tables_and_column, tagged_by
from reconciler.access.queries.name_hints import no_principal, no_table
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.model.resource import Gap, Observation
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arn
from tests.access.building import (
    ANN,
    BOB,
    CONSUMER,
    EVE,
    FOR_A_WHOLE_ORGANIZATION,
    ORGANIZATION,
    OTHER,
    OWNER,
    WORLD,
    access,
    admins,
    give,
    named,
    placement,
)
from tests.access.building import state as made
from tests.access.building import table as a_table
from tests.access.building import tag as a_tag
from tests.estate import ANALYTICS, BANKING, CENTRAL, access_of, bank, variant


def example() -> Access:
    """The access that the example mesh asks for."""
    return access_of(bank())


def refused(word: str, ask: Callable[[Access, Mesh, str], object], found: Access) -> str:
    with pytest.raises(Unknown) as told:
        ask(found, bank(), word)
    return str(told.value)


@pytest.mark.parametrize(
    "word", [ANN, "owner/ann", "ann", CONSUMER, ORGANIZATION, EVE, "other/eve", "eve", OTHER, IAM_ALLOWED_PRINCIPALS]
)
def test_whoever_has_or_may_give_himself_anything_is_found_by_each_of_his_names(word: str) -> None:
    found = access(a_table(), give(CONSUMER, named()), give(ORGANIZATION, named()), admins(OTHER, EVE))
    expected = {"owner/ann": ANN, "ann": ANN, "other/eve": EVE, "eve": EVE}.get(word, word)
    assert principal(found, bank(), word) == expected


def test_accounts_are_found_by_their_names_too() -> None:
    assert principal(access(a_table()), bank(), "consumer") == CONSUMER


@pytest.mark.parametrize("word", ["team/lead", "lead", "ann", ANN])
def test_who_has_another_name_in_the_mesh_than_his_role_is_found_by_both(word: str) -> None:
    known = replace(WORLD, principals={ANN: "team/lead"})
    assert principal(access(a_table(), directory=known), bank(), word) == ANN


def test_a_table_is_found_in_any_case_and_with_its_catalog() -> None:
    found, place = access(a_table(), a_table(database="other")), TableId(OWNER, "db", "t")
    for word in ("db.t", "DB.T", f"{OWNER}.db.t"):
        assert table(found, bank(), word) == place
    assert refused("t", table, found) == "t may be any of these; say which: db.t, other.t."
    assert table_and_column(found, bank(), "db.t.B") == (place, "b")
    assert refused("x", table, found) == "There is no table x."


def test_of_a_word_with_a_dot_the_table_is_looked_for_first() -> None:
    """`credit-card.credit_cart` is a mistyped table, not a column of a table that nobody has heard of."""
    assert refused("credit-card.credit_cart", table_and_column, example()) == (
        "There is no table credit-card.credit_cart (did you mean credit-card.credit_card?)."
    )
    assert refused("credit_card.agee", table_and_column, example()).startswith(
        "credit-card.credit_card has no column agee (did you mean age?). It has: status, "
    )
    assert tables_and_column(example(), bank(), "credit_card.age")[1] == "age"
    assert "There is no table nothing" in refused("nothing", tables_and_column, example())


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("age", "age is a column; ask about it in its table: credit_card.age."),
        ("trading_day", "trading_day is a column; ask about it in its table: fund_price.trading_day."),
    ],
)
def test_a_column_without_its_table_is_told_to_be_one(word: str, words: str) -> None:
    assert refused(word, tables_and_column, example()) == words


def test_of_a_table_that_is_not_there_the_search_is_named() -> None:
    with pytest.raises(Unknown) as raised:
        table(example(), bank(), "agee")
    assert raised.value.hints == ("`meshform search agee` looks into descriptions, too",)


def test_the_database_of_a_product_is_its_tables_and_that_of_nobody_is_none() -> None:
    prices = TableId(CENTRAL, "fund-prices", "fund_price")
    for word in ("fund-prices", "asset-management/fund-prices"):
        assert tables_and_column(example(), bank(), word) == ((prices,), None)
    assert "There is no table db" in refused("db", tables_and_column, access(a_table()))


def test_what_was_not_seen_may_be_there_all_the_same() -> None:
    gaps = tuple(Gap(kind, placement(OWNER), "AccessDenied") for kind in ("table", "grant"))
    found = evaluate(Observation(made(), gaps), WORLD)
    assert refused("x", table, found) == (
        f"x was not seen, which does not mean that it is not there: table was not read in {placement(OWNER)}: "
        "AccessDenied."
    )
    only = evaluate(Observation(made(), gaps[1:]), WORLD)
    assert refused("x", table, only) == "There is no table x."


def test_columns_with_a_tag_are_found_and_a_value_that_nobody_carries_is_none_or_a_mistake() -> None:
    place = TableId(OWNER, "db", "t")
    found = access(a_table(), a_tag("db.t.b", sensitivity="restricted"), a_tag("db.t", product="x"))
    assert tagged_by(found, bank(), "sensitivity=restricted") == {place: 0b10}
    assert tagged_by(found, bank(), "product=x") == {place: 0b111}
    assert tagged_by(found, bank(), "sensitivity=public") == {}
    assert refused("sensitivity=pubic", tagged_by, found) == (
        "No column carries sensitivity=pubic (did you mean public?)."
    )
    assert refused("product=y", tagged_by, found) == "No column carries product=y."
    assert refused("sensitivty=public", tagged_by, found) == (
        "There is no LF-tag sensitivty (did you mean sensitivity?)."
    )


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("fund-prices", "is a product; ask about one of its tables: fund_price."),
        ("asset-management/fund-prices", "is a product; ask about one of its tables: fund_price."),
        ("asset-management", "is a domain; ask about a table of its products: fund-prices."),
        ("domain", "is an LF-tag; ask about a table or column that carries it."),
        ("product=x", "is an LF-tag; ask about a table or column that carries it."),
        ("subject=funds", "is an LF-tag; ask about a table or column that carries it."),
        ("analytics", "is no table but reads them; ask what it can read: `meshform access what-can`."),
        ("analytics-coe", "is no table but reads them; ask what it can read: `meshform access what-can`."),
        ("anything", None),
    ],
)
def test_what_a_word_is_that_is_no_table(word: str, told: str | None) -> None:
    assert no_table(bank(), word) == (f"{word} {told}" if told else None)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        (
            "analytics-coe",
            "is a consumer; ask about one of its principals: analytics-coe/credit-analyst, "
            "analytics-coe/data-scientist.",
        ),
        ("whole", "is a consumer without principals: what it got is given to a whole organization."),
        (
            "asset-management",
            "is a domain; ask about its stewards, or who can read its tables: `meshform access who-can`.",
        ),
        ("fund-prices", "is a product; ask who can read its tables: `meshform access who-can fund-prices`."),
        ("anything", None),
    ],
)
def test_what_a_word_is_that_is_no_principal(word: str, told: str | None) -> None:
    mesh = variant(more=FOR_A_WHOLE_ORGANIZATION)
    assert no_principal(mesh, word) == (f"{word} {told}" if told else None)


def test_the_members_of_a_consumer_or_an_account_are_everybody_in_it() -> None:
    coe = bank().consumers["analytics-coe"]
    assert set(members_of(example(), bank(), "analytics-coe")) == {
        principal_arn(bank(), coe, each) for each in coe.principals
    }
    everybody = {*example().principals, *example().state.wholes}
    everybody |= {arn for arns in example().state.admins.values() for arn in arns}
    for account, name in ((ANALYTICS, "analytics"), (BANKING, "banking-data"), (CENTRAL, "central")):
        told = members_of(example(), bank(), name)
        assert told == members_of(example(), bank(), account) == tuple(sorted(told))
        assert set(told) == {each for each in everybody if account in each.split(":") or each == account}
    assert any(each.endswith("OrganizationAccountAccessRole") for each in members_of(example(), bank(), "central"))
    assert members_of(example(), bank(), "nobody") == ()


def test_a_word_that_nothing_has_gets_the_nearest_name() -> None:
    found = access(a_table())
    assert refused("consumer/bop", principal, found) == (
        "There is no principal consumer/bop (did you mean consumer/bob?)."
    )
    twin = give(BOB.replace(CONSUMER, OTHER), named())
    assert refused("bob", principal, access(a_table(), twin)) == (
        f"bob may be any of these; say which: consumer/bob ({BOB}), other/bob ({BOB.replace(CONSUMER, OTHER)})."
    )
