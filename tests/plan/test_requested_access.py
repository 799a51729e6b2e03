"""What a change asked for and what a plan does besides: each fact is one or the other, and JSON keeps which."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.access import AccessDifference, AccessEntry, difference, evaluate
from reconciler.plan.requested_access import Fact, RequestedAccess, entry_row, requested, requested_in
from tests.access.building import WORLD
from tests.access.strategies import a_state

A_CHANGE = st.builds(lambda one, other: difference(evaluate(one, WORLD), evaluate(other, WORLD)), a_state, a_state)


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


def as_document(found: AccessDifference) -> dict[str, object]:
    """What JSON v1 keeps of it."""
    admins = {
        name: [{"account": account, "principal": arn} for account, arn in those]
        for name, those in (("admins_gained", found.admins_gained), ("admins_lost", found.admins_lost))
    }
    rows = {
        name: [entry_row(each) for each in getattr(found, name)] for name in ("gained", "shared", "lost", "unshared")
    }
    return dict(json.loads(json.dumps({"asked_access": {**rows, **admins}, "asked": []})))


@settings(max_examples=40)
@given(A_CHANGE)
def test_all_of_what_is_asked_for_is_asked_for_and_nothing_of_it_is_beyond(found: AccessDifference) -> None:
    asked, nothing = requested(found), RequestedAccess()
    for entries, is_lost in ((gained(found), False), (lost(found), True)):
        assert asked.beyond(entries, lost=is_lost) == nothing.among(entries, lost=is_lost) == ()
        assert asked.among(entries, lost=is_lost) == nothing.beyond(entries, lost=is_lost) == entries
    assert all(asked.asks_for_admin(*admin) for admin in found.admins_gained)
    assert not any(nothing.asks_for_admin(*admin) for admin in found.admins_gained)


@settings(max_examples=40)
@given(A_CHANGE, A_CHANGE)
def test_a_plan_in_json_asks_for_what_the_review_asked_for(one: AccessDifference, other: AccessDifference) -> None:
    found = requested_in([as_document(one), as_document(other)])
    mine, theirs = requested(one), requested(other)
    assert found is not None
    assert (found.gained, found.lost) == (mine.gained | theirs.gained, mine.lost | theirs.lost)
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
