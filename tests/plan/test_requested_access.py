"""What a change asked for and what a plan does besides: each fact is one or the other, and JSON keeps which."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.access import AccessDifference, AccessEntry, difference, evaluate
from reconciler.access.algebra.rows import ALL_ROWS
from reconciler.access.differences.access_entry import ChangeType
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.resource import Snapshot
from reconciler.plan.requested_access import (
    Fact,
    RequestedAccess,
    entry_row,
    is_new_in_aws,
    narrowed,
    requested,
    requested_in,
)
from tests.access.building import ANN, WORLD, T, state, table
from tests.access.strategies import a_state
from tests.plan.toys import toy

A_CHANGE = st.builds(lambda one, other: difference(evaluate(one, WORLD), evaluate(other, WORLD)), a_state, a_state)
CHANGES: st.SearchStrategy[Change] = st.builds(
    lambda name, make: make(toy(name)),
    st.sampled_from("abc"),
    st.sampled_from([Create, Delete, lambda each: Update(each, each)]),
)


def gained(found: AccessDifference) -> tuple[AccessEntry, ...]:
    return (*found.gained, *found.shared)


def lost(found: AccessDifference) -> tuple[AccessEntry, ...]:
    return (*found.lost, *found.unshared)


def parts(entries: Iterable[AccessEntry]) -> list[tuple[object, ...]]:
    """What entries say, as small as it comes."""
    found: list[tuple[object, ...]] = []
    for each in entries:
        whose = (each.principal, each.place, each.thing, each.path)
        # Whoever reads a column reads it by these, which are said with the columns.
        beside = ("SELECT", "DESCRIBE") if each.columns else ()
        found += [(*whose, "column", name, each.rows, each.rows_before) for name in each.columns]
        found += [(*whose, "may", name) for name in each.permissions if name not in beside]
        if each.change in ("opened", "raw-read", "path") or not (each.columns or each.permissions):
            found.append((*whose, each.change))
    return sorted(found, key=repr)


def as_document(found: AccessDifference, changes: Iterable[Change] = ()) -> dict[str, object]:
    """What JSON v1 keeps of it."""
    asked = [{"address": str(each.address), "action": each.action} for each in changes]
    admins = {
        name: [{"account": account, "principal": arn} for account, arn in those]
        for name, those in (("admins_gained", found.admins_gained), ("admins_lost", found.admins_lost))
    }
    rows = {
        name: [entry_row(each) for each in getattr(found, name)]
        for name in ("gained", "shared", "lost", "unshared", "passed_on")
    }
    return dict(json.loads(json.dumps({"asked_access": {**rows, **admins}, "asked": asked})))


@settings(max_examples=40)
@given(A_CHANGE)
def test_all_of_what_is_asked_for_is_asked_for_and_nothing_of_it_is_beyond(found: AccessDifference) -> None:
    asked, nothing = requested(found), RequestedAccess()
    for entries, is_lost in ((gained(found), False), (lost(found), True)):
        assert asked.beyond(entries, lost=is_lost) == nothing.among(entries, lost=is_lost) == ()
        assert asked.among(entries, lost=is_lost) == nothing.beyond(entries, lost=is_lost) == entries
    assert all(asked.asks_for_admin(*admin) for admin in found.admins_gained)
    assert not any(nothing.asks_for_admin(*admin) for admin in found.admins_gained)
    assert all(asked.asks_to_pass_on(entry) for entry in found.passed_on)
    assert not any(nothing.asks_to_pass_on(entry) for entry in found.passed_on)


@settings(max_examples=40)
@given(A_CHANGE, A_CHANGE, st.lists(CHANGES, max_size=3), st.lists(CHANGES, max_size=3))
def test_a_plan_in_json_asks_for_what_the_review_asked_for(
    one: AccessDifference, other: AccessDifference, asked: list[Change], too: list[Change]
) -> None:
    found = requested_in([as_document(one, asked), as_document(other, too)])
    mine, theirs = requested(one, asked), requested(other, too)
    assert found is not None
    assert (found.gained, found.lost) == (mine.gained | theirs.gained, mine.lost | theirs.lost)
    assert found.options == mine.options | theirs.options
    assert (found.made, found.changed) == (mine.made | theirs.made, mine.changed | theirs.changed)
    assert mine.made == {str(each.address) for each in asked if isinstance(each, Create)}
    assert mine.changed == {str(each.address) for each in asked if not isinstance(each, Create)}
    assert requested_in([as_document(one), {}]) is None, "what was asked for is not known"


@settings(max_examples=40)
@given(A_CHANGE, st.integers(0, 2**32))
def test_what_is_asked_for_in_part_is_parted(found: AccessDifference, seed: int) -> None:
    choice, entries = Random(seed), gained(found)
    some: frozenset[Fact] = frozenset(
        fact for fact in sorted(requested(found).gained, key=repr) if choice.random() < 0.5
    )
    asked = RequestedAccess(some)
    among, beyond = asked.among(entries), asked.beyond(entries)
    assert sorted(parts(among) + parts(beyond), key=repr) == parts(entries)
    assert requested_facts(among, found) <= some
    assert not requested_facts(beyond, found) & some


def requested_facts(entries: tuple[AccessEntry, ...], found: AccessDifference) -> frozenset[Fact]:
    """The facts of entries alone, without what is said of every part: SELECT of whoever reads a column, that there is
    a doubt, and columns of what is asked for as a whole or not at all.
    """
    entries = tuple(
        replace(each, columns=(), permissions=()) if each.change in ("opened", "raw-read", "path") else each
        for each in entries
    )
    facts = requested(replace(found, gained=entries, shared=(), admins_gained=())).gained
    facts = frozenset(each for each in facts if each[4] != "unknown" or len(each) > 6)
    return frozenset(each for each in facts if each[-1] not in ("SELECT", "DESCRIBE"))


def test_what_is_made_is_told_from_what_is_changed() -> None:
    """A thing that is made again was asked for where it is made; one that is otherwise, where it is touched at all."""
    asked = RequestedAccess(made=frozenset({"new"}), changed=frozenset({"old"}))
    said = {(name, made): asked.touches(name, made=made) for name in ("new", "old", "else") for made in (True, False)}
    assert said == {
        ("new", True): True,
        ("new", False): True,
        ("old", True): False,
        ("old", False): True,
        ("else", True): False,
        ("else", False): False,
    }


def test_who_is_made_an_administrator_is_asked_for_by_account_and_name() -> None:
    asked = RequestedAccess(gained=frozenset({("admin", "1", "ada")}), lost=frozenset({("admin", "1", "eve")}))
    assert asked.asks_for_admin("1", "ada")
    assert not asked.asks_for_admin("2", "ada")
    assert not asked.asks_for_admin("1", "eve")


NOTHING_THERE = evaluate(Snapshot(), WORLD)
"""WORLD orders labels: public, internal, restricted."""


def entry(change: ChangeType, columns: str, *rights: str, **said: Any) -> AccessEntry:
    rest = {"verdict": "enforced", "source": NOTHING_THERE, "other": NOTHING_THERE, **said}
    return AccessEntry(ANN, T, change, tuple(columns), ALL_ROWS, rights, **rest)


@pytest.mark.parametrize(
    ("columns", "rank"),
    [("", 0), ("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 4), ("ab", 2), ("ac", 3), ("bc", 3), ("abe", 4), ("ad", 4)],
)
def test_a_part_of_an_entry_is_as_sensitive_as_its_own_columns(columns: str, rank: int) -> None:
    """The last two have a label that the order does not know, and none."""
    labels = (("a", "public"), ("b", "internal"), ("c", "restricted"), ("d", "odd"))
    values = (("b", "x"), ("c", "y"), ("e", "z"))
    whole = entry("columns", "abcde", "SELECT", sensitivity=labels, rank=4, values_of=values)
    part = narrowed(whole, tuple(columns))
    assert part.sensitivity == tuple(each for each in labels if each[0] in columns)
    assert part.values_of == tuple(each for each in values if each[0] in columns)
    assert (part.columns, part.rank) == (tuple(columns), rank)
    assert narrowed(replace(whole, rank=1), tuple(columns)).rank == min(rank, 1), "partition keys have no label"


def fact(kind: str, *rest: object) -> Fact:
    return (ANN, T.catalog, T.database, T.table, kind, *rest)


@pytest.mark.parametrize("rights", [(), ("SELECT",)], ids=["", "with SELECT"])
def test_a_doubt_about_columns_is_parted_by_columns(rights: tuple[str, ...]) -> None:
    doubt = entry("unknown", "ab", *rights)
    asked = RequestedAccess(frozenset({fact("unknown", "a", None, None, None), fact("unknown", "")}))
    assert [each.columns for each in asked.beyond([doubt])] == [("b",)]
    assert [each.columns for each in asked.among([doubt])] == [("a",)]
    sure = RequestedAccess(frozenset({fact("columns", "a", None, None, None)}))
    assert [each.columns for each in sure.beyond([doubt])] == [("b",)], "who is sure to read it may well"


def test_rights_without_columns_are_parted_one_by_one_reading_too() -> None:
    for change in ("permissions", "rights", "unknown"):
        asked = RequestedAccess(frozenset({fact("may", "SELECT"), fact("may", "ALTER")}))
        given = entry(change, "", "SELECT", "DESCRIBE", "ALTER", "DROP")
        assert [(each.change, each.permissions) for each in asked.beyond([given])] == [(change, ("DESCRIBE", "DROP"))]
        assert [(each.change, each.permissions) for each in asked.among([given])] == [(change, ("SELECT", "ALTER"))]


def test_rights_are_left_of_columns_that_were_asked_for_and_columns_of_rights() -> None:
    given = entry("columns", "ab", "SELECT", "DESCRIBE", "ALTER", "DROP")
    columns = {fact("columns", name, None, None, None) for name in "ab"}
    for asked, left in (
        ({*columns, fact("may", "ALTER")}, ("permissions", (), ("DROP",))),
        ({fact("may", "ALTER"), fact("may", "DROP")}, ("columns", ("a", "b"), ("SELECT", "DESCRIBE"))),
        ({fact("columns", "a", None, None, None)}, ("columns", ("b",), ("SELECT", "DESCRIBE", "ALTER", "DROP"))),
    ):
        (rest,) = RequestedAccess(frozenset(asked)).beyond([given])
        assert (rest.change, rest.columns, rest.permissions) == left
    assert RequestedAccess(frozenset({*columns, fact("may", "ALTER"), fact("may", "DROP")})).beyond([given]) == ()


def test_what_is_new_in_aws_is_a_table_that_is_not_there() -> None:
    there = evaluate(state([table("t")]), WORLD)
    assert is_new_in_aws(entry("columns", "a"))
    assert not is_new_in_aws(entry("columns", "a", other=there))
    elsewhere = replace(entry("columns", "a", other=there), place=T._replace(table="u"))
    assert is_new_in_aws(elsewhere)
    assert is_new_in_aws(entry("rights", "", "DESCRIBE", thing="database db"))
    assert not is_new_in_aws(replace(elsewhere, thing="database db")), (
        "rights on other things: where there is any table"
    )
