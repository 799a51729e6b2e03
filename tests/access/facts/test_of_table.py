"""What a fact says of a column, a permission and a path is what the rules say (tests/access/naive.py)."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given, settings

from reconciler.access import AccessFact, evaluate, facts_of
from reconciler.access.queries.ask import what_can, who_can
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.model.resource import Snapshot
from tests.access.building import OWNER, WORLD
from tests.access.naive import Naive, account
from tests.access.strategies import PRINCIPALS, a_state
from tests.estate import bank


def of_tables(facts: Iterable[AccessFact], principal: str, table: str) -> list[AccessFact]:
    return [each for each in facts if (each.principal, each.table) == (principal, table) and not each.thing]


@settings(max_examples=25, deadline=None)
@given(a_state)
def test_each_permission_and_column_is_a_fact_with_its_labels_and_nothing_else_is(found: Snapshot) -> None:
    access, sure, most = evaluate(found, WORLD), Naive(found, sure=True), Naive(found, sure=False)
    facts = [*facts_of(access, bank())]
    for principal in (each for each in PRINCIPALS if not each.isdigit()):
        for place, view in access.tables.items():
            told = of_tables(facts, principal, place.table)
            there = access.on(principal, place)
            for each in told:
                tags = sure.tags("db", each.table, each.column) if each.column else {}
                assert dict(each.labels) == tags
                assert each.sensitivity == tags.get("sensitivity", "")
                assert each.rank == (sure.rank(each.table, each.column) if each.column else 0)
                assert (each.account, each.account_name) == (account(principal), WORLD.accounts[account(principal)])
                assert (each.catalog, each.database, each.product, each.producer) == (OWNER, "db", "", "")
            if principal == IAM_ALLOWED_PRINCIPALS and there.verdict == "open":
                columns = {each.column for each in told if (each.path, each.permission) == ("iam", "SELECT")}
                assert columns - {""} == set(view.columns)
                continue
            _agree(told, sure, most, principal, place.table)
            mine = [each for each in told if each.path in ("lake-formation", "files-by-writing")]
            assert {(each.verdict, each.reasons) for each in mine} <= {(there.verdict, there.reasons)}


def _agree(told: list[AccessFact], sure: Naive, most: Naive, principal: str, table: str) -> None:
    has, may = sure.on(principal, table), most.on(principal, table)
    reads = [each for each in told if (each.path, each.permission) == ("lake-formation", "SELECT")]
    certain = {each.column for each in reads if each.certain and each.column}
    assert certain == has.columns
    perhaps = {each.column for each in reads if not each.certain and each.column}
    assert perhaps == may.columns - certain
    rights = {each.permission for each in told if not each.column and each.path == "lake-formation" and each.permission}
    beyond = has.rights - {"DESCRIBE"} - ({"SELECT"} if has.cells else set())
    assert rights == (beyond or ({"DESCRIBE"} & has.rights if not has.cells else set()))
    doubts = {each.certain for each in told if each.path == "lake-formation" and not each.permission}
    assert doubts == ({False} if not has.rights and (may.rights or most.is_doubtful(principal)) else set())
    files = {each.column for each in told if each.path == "files-by-writing"}
    writes = bool({"INSERT", "DELETE"} & has.rights)
    every = {name for names in sure.columns(table) for name in names}
    assert files == (every - has.whole if writes else set())


@settings(max_examples=15, deadline=None)
@given(a_state)
def test_what_is_asked_of_principals_or_tables_is_what_all_facts_say_of_them(found: Snapshot) -> None:
    access, most = evaluate(found, WORLD), Naive(found, sure=False)
    facts = [*facts_of(access, bank())]
    assert {each.verdict for each in facts if each.thing and each.certain} <= {"enforced"}
    assert {each.verdict for each in facts if each.thing and not each.certain} <= {"unknown"}
    for principal in sorted(
        {each.principal for each in facts if not each.principal.isdigit()} - {IAM_ALLOWED_PRINCIPALS}
    ):
        mine = [each for each in facts if each.principal == principal]
        told = [*what_can(access, bank(), [principal, principal])]
        # Of all rights those are told by whom they are given, of somebody also what a group brings him.
        told = [each for each in told if not each.thing or principal in access.state.to]
        assert sorted(told, key=repr) == sorted(mine, key=repr)
    for place, view in access.tables.items():
        for chosen in (None, 0b01, 0b10):
            told = [*who_can(access, bank(), access.readers(place), {place: chosen})]
            names = view.columns if chosen is None else view.names(chosen)
            about = [each for each in facts if each.table == place.table and not each.thing]
            mine = [each for each in about if (chosen is None or each.column in names) and each.path != "administrator"]
            assert [each for each in told if chosen is None or each.column] == sorted(mine, key=told.index)
            if chosen is not None:
                unsure = [each for each in told if not each.column]
                assert {(each.certain, each.verdict) for each in unsure} <= {(False, "unknown")}
                doubts = [each for each in access.readers(place) if each.verdict == "unknown" and not each.raw_read]
                doubts = [each for each in doubts if not most.on(each.principal, place.table).cells]
                assert [each.principal for each in unsure] == [each.principal for each in doubts if not each.beyond]
