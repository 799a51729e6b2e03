"""The evaluator says what the rules say when each cell is asked for by itself: what is sure, and what is possible."""

from __future__ import annotations

from hypothesis import given, settings

from reconciler.access import TableId, evaluate
from reconciler.access.evaluation.rights import RightsIndex
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS, OnColumns, OnFilter, OnTable, OnTagPolicy
from reconciler.model.resource import Snapshot
from tests.access.building import OWNER, WORLD
from tests.access.naive import Naive, cells
from tests.access.strategies import PRINCIPALS, a_state


@settings(max_examples=40, deadline=None)
@given(a_state)
def test_what_is_sure_and_what_is_possible_is_what_the_rules_say_cell_by_cell(found: Snapshot) -> None:
    access, least, most = evaluate(found, WORLD), Naive(found, sure=True), Naive(found, sure=False)
    assert access.tables.keys() == {TableId(OWNER, "db", "t"), TableId(OWNER, "db", "u")}
    for principal in PRINCIPALS:
        for place, view in access.tables.items():
            told, sure, possible = (
                access.on(principal, place),
                least.on(principal, place.table),
                most.on(principal, place.table),
            )
            assert (set(told.permissions), cells(told.columns)) == (sure.rights, sure.cells)
            beyond = set(told.beyond[0]) if told.beyond is not None else sure.rights
            assert (beyond, cells(told.possible)) == (possible.rights, possible.cells)
            is_in, half = most.opted_in(principal, place.table)
            is_open = most.is_open(place.table) and not is_in
            doubts = told.beyond is not None or most.is_doubtful(principal) or (sure.cells and not view.registered)
            assert told.verdict == (
                "open" if is_open and not half else "unknown" if doubts or (half and is_open) else "enforced"
            )
            assert bool(told.reasons) == bool(doubts or (half and is_open))


@settings(max_examples=25, deadline=None)
@given(a_state)
def test_readers_and_tables_are_all_who_may_have_anything_and_no_others(found: Snapshot) -> None:
    access, most = evaluate(found, WORLD), Naive(found, sure=False)
    somebody = [each for each in PRINCIPALS if not each.isdigit()]
    for place in access.tables:
        having = {each for each in somebody if most.on(each, place.table).rights or most.is_doubtful(each)}
        assert {each.principal for each in access.readers(place)} == having
        assert having == {each for each in somebody if place in {one.table_view.id for one in access.of(each)}}
    assert {each.principal for each in access.pairs()} <= {*access.principals, IAM_ALLOWED_PRINCIPALS}


@settings(max_examples=25, deadline=None)
@given(a_state)
def test_rights_on_what_is_no_table_are_what_the_rules_say(found: Snapshot) -> None:
    access, least, most = evaluate(found, WORLD), Naive(found, sure=True), Naive(found, sure=False)
    index = RightsIndex(access)
    for principal in PRINCIPALS:
        told = {
            key: right
            for key, right in index.of(principal).items()
            if not isinstance(key[0], OnTable | OnColumns | OnFilter | OnTagPolicy) and key[0].catalog == OWNER
        }
        assert told.keys() == most.rights(principal)
        assert {key for key, right in told.items() if not right.reasons} == least.rights(principal)
        for (thing, permission), right in told.items():
            assert (right.thing, right.permission) == (thing, permission)
            assert right.given
