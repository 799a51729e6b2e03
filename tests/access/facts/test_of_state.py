"""Facts say of a state what the evaluator says, and of a difference what the two states' facts differ in."""

from __future__ import annotations

import json
from functools import cache

from hypothesis import given

from reconciler.access import (
    Access,
    AccessFact,
    changed_facts,
    difference,
    evaluate,
    facts_of,
    gained_facts,
)
from reconciler.access.algebra.rows import text
from reconciler.model.resource import Snapshot
from tests.access.building import (
    ANN,
    BOB,
    CONSUMER,
    OWNER,
    WORLD,
    Parts,
    accepted,
    access,
    by_filter,
    columns,
    give,
    named,
    row_filter,
    table,
)
from tests.access.strategies import a_state
from tests.estate import ANALYTICS, access_of, bank, variant

SCIENTIST = "analytics-coe/data-scientist"
PRODUCT = "domains/consumer-banking/products/credit-profile.yaml"


@cache
def example() -> tuple[Access, tuple[AccessFact, ...]]:
    """Everything that the example mesh asks for."""
    found = access_of(bank())
    return found, tuple(facts_of(found, bank()))


def test_a_fact_has_everything_that_people_ask_about_it() -> None:
    (fact,) = [each for each in example()[1] if each.name == SCIENTIST and each.column == "amount"]
    assert (fact.consumer, fact.account, fact.account_name) == ("analytics-coe", ANALYTICS, "analytics")
    assert (fact.product, fact.domain, fact.database, fact.table) == (
        "credit-profile",
        "consumer-banking",
        "credit-card",
        "credit_card",
    )
    assert fact.owner
    assert (fact.sensitivity, fact.permission, fact.path, fact.rows) == (
        "confidential",
        "SELECT",
        "lake-formation",
        None,
    )
    assert dict(fact.labels)["product"] == "credit-profile"
    assert (fact.terms.subscription, fact.terms.expires) == ("credit-risk-model", "2027-06-30")
    assert (fact.terms.approved_by, fact.terms.ticket) == ("consumer-banking-stewards", "DATA-101")
    assert fact.terms.purpose.startswith("Train")
    assert any("credit-profile" in each for each in fact.via)


def test_who_a_principal_is_to_the_mesh_is_told() -> None:
    known = {each.name: each.principal_type for each in example()[1]}
    assert known[SCIENTIST] == "reader"
    assert known["consumer-banking/consumer-banking-steward"] == "steward"
    assert known["banking-data/quality-credit-profile.bank"] == "machinery"
    assert known["central/OrganizationAccountAccessRole"] == "machinery"


def test_what_no_subscription_gives_names_none() -> None:
    (fact,) = facts_of(access(table(columns="a"), give(ANN, named())), bank())
    assert (fact.subscriptions, fact.terms.subscription, fact.principal_type) == ((), "", "other")


def test_facts_are_json() -> None:
    flat = [each.as_json() for each in example()[1]]
    assert json.loads(json.dumps(flat)) == flat
    assert not [value for value in flat[0].values() if isinstance(value, dict) and value and "product" not in value]


def test_administrators_are_facts() -> None:
    found = [each for each in example()[1] if each.path == "administrator"]
    assert {(each.account_name, each.permission, each.database) for each in found} >= {("central", "ALL", "")}


def test_reading_the_files_is_a_fact_of_each_column_that_is_not_read_anyway() -> None:
    found = facts_of(access(table(), give(ANN, named(), "INSERT"), give(ANN, columns("b"))), bank())
    assert {(each.column, each.permission) for each in found if each.is_reading} == {
        ("b", "SELECT"),
        ("a", "READ_FILES"),
        ("c", "READ_FILES"),
    }


def test_of_a_column_those_grants_are_named_that_give_it() -> None:
    parts: Parts = [table(), row_filter("f", "", "b"), accepted(), give(ANN, columns("a")), give(ANN, by_filter("f"))]
    for target in (columns("a"), by_filter("f")):
        parts += [give(CONSUMER, target), give(BOB, target, by=CONSUMER)]
    told = {(each.principal, each.column): each.via for each in facts_of(access(*parts), bank())}
    for name, kind, where in (("a", "columns of", "db.t"), ("b", "filter", "db.t/f")):
        what = f"SELECT on {kind} {OWNER}:{where}"
        assert told[ANN, name] == (f"owner grants {what} to owner/ann",)
        shared = (f"owner grants {what} to consumer", f"consumer grants {what} to consumer/bob")
        assert told[BOB, name] == (*shared, "consumer accepted the shares of owner")
    direct = facts_of(access(table(), accepted(), give(BOB, named())), bank())
    assert {each.via for each in direct} == {(f"owner grants SELECT on table {OWNER}:db.t to consumer/bob",)}


def test_a_label_that_goes_down_says_what_it_was() -> None:
    old = bank()
    new = variant((PRODUCT, "sensitivity: restricted", "sensitivity: internal"))
    gained = [each for each in changed_facts(difference(access_of(old), access_of(new)), new, old) if each.gained]
    assert gained
    assert {(each.sensitivity_before, each.fact.sensitivity) for each in gained} == {("restricted", "internal")}


def test_other_rows_say_which_they_were() -> None:
    before = access(table(), row_filter("f", "a = 1"), give(ANN, by_filter("f")))
    after = access(table(), row_filter("f", "a = 2"), give(ANN, by_filter("f")))
    found = [each for each in changed_facts(difference(before, after), bank()) if each.gained]
    assert {(each.readable_before, each.rows_before, each.fact.rows) for each in found} == {(True, "a = 1", "a = 2")}


@given(a_state)
def test_facts_and_evaluator_say_the_same(found: Snapshot) -> None:
    state = evaluate(found, WORLD)
    told = {
        (each.principal, each.table, each.column, each.rows)
        for each in facts_of(state, bank())
        if each.permission == "SELECT" and each.certain and each.column
    }
    known = {
        (pair.principal, pair.table_view.id.table, name, text(rows))
        for pair in state.pairs()
        for name, rows in pair.columns.items()
    }
    opened = {(each.principal, each.table) for each in facts_of(state, bank()) if each.path == "iam"}
    assert {each for each in told if each[:2] not in opened} == {each for each in known if each[:2] not in opened}


def _reading(state: Access) -> tuple[set[tuple[object, ...]], set[tuple[object, ...]]]:
    """Who reads which column by Lake Formation, surely and perhaps."""
    facts = [each for each in facts_of(state, bank()) if each.permission == "SELECT" and each.column]
    facts = [each for each in facts if each.path == "lake-formation"]
    return {each.key for each in facts if each.certain}, {each.key for each in facts if not each.certain}


@given(a_state, a_state)
def test_what_is_gained_and_lost_is_what_the_facts_of_two_states_differ_in(one: Snapshot, other: Snapshot) -> None:
    before, after = evaluate(one, WORLD), evaluate(other, WORLD)
    found = [*changed_facts(difference(before, after), bank())]
    for state, against, gained in ((after, before, True), (before, after, False)):
        (mine, _), (theirs, perhaps) = _reading(state), _reading(against)
        told = {
            each.fact.key for each in found if each.gained == gained and not each.readable_before and each.fact.certain
        }
        assert mine - theirs - perhaps <= told
        # What was perhaps there before is told as what was perhaps gained.
        unsure = {each.fact.key for each in found if each.gained == gained and not each.fact.certain}
        assert mine & perhaps - theirs <= unsure
        assert not {key for key in told if key in mine & theirs and key[5:] == ("SELECT", "lake-formation")}


@given(a_state, a_state)
def test_nothing_that_changes_is_without_a_fact(one: Snapshot, other: Snapshot) -> None:
    found = difference(evaluate(one, WORLD), evaluate(other, WORLD))
    told: dict[tuple[str, str, str], set[str]] = {}
    for each in gained_facts(found, bank()):
        told.setdefault((each.fact.principal, each.fact.where, each.change), set()).add(each.fact.column)
    for entry in (*found.gained, *found.shared):
        columns = told[entry.principal, entry.where, entry.change]
        assert entry.change == "raw-read" or columns >= set(entry.columns)


@given(a_state, a_state)
def test_facts_that_are_chosen_are_those_of_all(one: Snapshot, other: Snapshot) -> None:
    found = difference(evaluate(one, WORLD), evaluate(other, WORLD))
    every = [*gained_facts(found, bank())]
    for change in ("opened", "columns", "administrator"):
        assert [*gained_facts(found, bank(), change)] == [each for each in every if each.change == change]
    for label in WORLD.sensitivity_order:
        assert [*gained_facts(found, bank(), sensitivity=label)] == [
            each for each in every if each.fact.sensitivity == label
        ]
