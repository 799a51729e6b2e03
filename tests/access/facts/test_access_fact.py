"""A fact as JSON: each field under its own name, flat, and lists only where there may be several of a thing."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.access.facts.access_fact import AccessFact, ChangedFact, Terms

TEXT = st.text("ab", max_size=3)
TERMS = st.builds(Terms, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT)
SAID = st.lists(st.tuples(TEXT, TEXT), max_size=2, unique_by=lambda pair: pair[0]).map(tuple)
FACTS = st.builds(
    AccessFact,
    **dict.fromkeys(("principal", "name", "account", "account_name", "consumer", "catalog", "database"), TEXT),
    **dict.fromkeys(("table", "column", "product", "domain", "owner", "thing", "sensitivity", "producer"), TEXT),
    permission=st.sampled_from(["SELECT", "READ_FILES", "INSERT"]),
    path=st.sampled_from(["lake-formation", "iam"]),
    principal_type=st.sampled_from(["reader", "account", "organization", "machinery", "steward"]),
    grantable=st.booleans(),
    rows=st.none() | TEXT,
    verdict=st.sampled_from(["enforced", "open", "unknown"]),
    reasons=st.lists(TEXT, max_size=2).map(tuple),
    certain=st.booleans(),
    labels=SAID,
    rank=st.integers(0, 5),
    terms=TERMS,
    subscriptions=st.lists(TEXT, max_size=2).map(tuple),
    via=st.lists(TEXT, max_size=2).map(tuple),
)
CHANGED = st.builds(
    ChangedFact,
    FACTS,
    st.booleans(),
    st.sampled_from(["columns", "rows", "administrator"]),
    st.booleans(),
    st.none() | TEXT,
    TEXT,
    TEXT,
    st.booleans(),
)


def plain(value: object) -> object:
    """A value as JSON has it."""
    return list(value) if isinstance(value, tuple) else value


def flat(of: Any, *without: str) -> dict[str, object]:
    """The fields of a record."""
    return {each.name: plain(getattr(of, each.name)) for each in fields(of) if each.name not in without}


@settings(max_examples=20)
@given(CHANGED)
def test_json_has_every_field_by_its_name(changed: ChangedFact) -> None:
    fact = changed.fact
    said = {**flat(fact, "terms", "rank"), **flat(fact.terms), "labels": dict(fact.labels)}
    assert fact.as_json() == said
    assert changed.as_json() == {**said, **flat(changed, "fact")}


@settings(max_examples=20)
@given(FACTS)
def test_only_values_of_columns_are_read_and_people_are_no_whole_accounts(fact: AccessFact) -> None:
    assert fact.is_reading == (fact.column != "" and fact.permission != "INSERT")
    is_somebody = fact.principal_type in ("reader", "steward")
    assert fact.is_reading_of_people == (fact.is_reading and is_somebody)
    assert fact.where == (fact.thing if fact.thing else f"{fact.database}.{fact.table}")


@settings(max_examples=15)
@given(FACTS, FACTS)
def test_what_identifies_a_fact_is_who_has_what_on_what_and_how(one: AccessFact, other: AccessFact) -> None:
    def said(fact: AccessFact) -> tuple[str, ...]:
        about = fact.column if fact.column else fact.thing
        return (
            fact.principal,
            fact.catalog,
            fact.database,
            fact.table,
            about,
            fact.permission,
            fact.path,
            fact.assumed,
        )

    assert (one.key == other.key) == (said(one) == said(other))
    assert one.key == said(one)
