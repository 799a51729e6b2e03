"""Whatever somebody comes to have by a change is told, and nothing else is: judged cell by cell (access/naive.py)."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings

from reconciler.access import Access, AccessDifference, AccessEntry, TableId, difference, evaluate
from reconciler.access.differences.rights import OPTION
from reconciler.access.evaluation.rights import Right, Rights, RightsIndex, described
from reconciler.access.state.principal_directory import account_of
from reconciler.model.lakeformation import OnDatabase
from reconciler.model.resource import AnyResource, Snapshot
from tests.access.building import OWNER, WORLD, with_one_more
from tests.access.naive import Has, Naive
from tests.access.strategies import PRINCIPALS, a_change, a_state


def ways(
    before: Snapshot, changed: AnyResource
) -> Iterator[tuple[Snapshot, Snapshot, tuple[AccessEntry, ...], Access, Access]]:
    """What was gained with one thing more or another, and by the same token what was lost."""
    after = with_one_more(before, changed)
    one, other = evaluate(before, WORLD), evaluate(after, WORLD)
    found: AccessDifference = difference(one, other)
    yield after, before, (*found.gained, *found.shared), other, one
    yield before, after, (*found.lost, *found.unshared), one, other


def beyond(one: Has, other: Has) -> set[str]:
    """The columns of which one has a cell that the other has not."""
    return Has(cells=one.cells - other.cells).columns


@settings(max_examples=30, deadline=None)
@given(a_state, a_change)
def test_nothing_that_somebody_comes_to_have_is_left_out_and_nothing_else_is_told(
    first: Snapshot, changed: AnyResource
) -> None:
    for more, less, entries, _, _ in ways(first, changed):
        now, then = (Naive(more, sure=True), Naive(more, sure=False)), (Naive(less, sure=True), Naive(less, sure=False))
        for principal in PRINCIPALS:
            doubtful = now[1].is_doubtful(principal) or then[1].is_doubtful(principal)
            for table in ("t", "u"):
                place = TableId(OWNER, "db", table)
                told = [each for each in entries if (each.principal, each.place) == (principal, place)]
                told = [each for each in told if each.change not in ("rights", "path")]
                if any(each.change == "opened" for each in told):
                    continue
                (sure, most), (was_sure, was_most) = (
                    [each.on(principal, table) for each in state] for state in (now, then)
                )
                said = {name for each in told if each.change != "raw-read" for name in each.columns}
                fresh = beyond(sure, was_sure) | beyond(most, was_most)
                assert fresh <= said
                assert doubtful or said <= fresh
                certain = {each for one in told if one.change != "unknown" for each in one.permissions}
                assert sure.rights - was_most.rights - {"SELECT"} == certain - {"SELECT"}
                every = {each for one in told for each in one.permissions}
                assert (sure.rights - was_sure.rights) | (most.rights - was_most.rights) <= every | {"SELECT"}
                writes, wrote = ({"INSERT", "DELETE"} & each.rights for each in (sure, was_sure))
                if writes and not wrote and not was_sure.cells:
                    is_whole = len(sure.whole) == sum(map(len, now[0].columns(table)))
                    assert any(each.change == "raw-read" for each in told) == (not is_whole or not sure.cells)


@settings(max_examples=30, deadline=None)
@given(a_state, a_change)
def test_what_is_said_of_an_entry_is_so(first: Snapshot, changed: AnyResource) -> None:
    for more, less, entries, access, other in ways(first, changed):
        now, then = Naive(more, sure=True), Naive(less, sure=True)
        for entry in entries:
            if entry.change in ("rights", "path") or entry.place.table == "*":
                continue
            table, view = entry.place.table, access.tables[entry.place]
            assert entry.width == len(view.columns)
            assert entry.readable == len(now.on(entry.principal, table).columns)
            tags = {name: now.tags("db", table, name) for name in entry.columns}
            assert dict(entry.sensitivity) == {
                name: said["sensitivity"] for name, said in tags.items() if "sensitivity" in said
            }
            assert entry.rank == max((now.rank(table, name) for name in entry.columns), default=0)
            home = account_of(entry.principal)
            mine = [each for each in PRINCIPALS if not each.isdigit() and account_of(each) == home and home]
            mine.append(entry.principal)
            reads = any(then.on(each, table).cells for each in mine)
            assert entry.new_account == (bool(entry.columns) and not reads)
            there = access.on(entry.principal, entry.place)
            assert entry.verdict == ("unknown" if entry.change == "unknown" else there.verdict)
            if entry.change in ("columns", "rows"):
                assert "SELECT" in entry.permissions
                assert {there.columns[name] for name in entry.columns} == {entry.rows}
                had = {other.on(entry.principal, entry.place).columns.get(name) for name in entry.columns}
                assert had == {entry.rows_before}
                assert (entry.rows_before is None) == (entry.change == "columns")


@settings(max_examples=30, deadline=None)
@given(a_state, a_change)
def test_rights_are_told_where_they_are_new_surer_or_may_be_passed_on(first: Snapshot, changed: AnyResource) -> None:
    """Of whoever is given anything by name; but not that somebody can see a database of which he has a table."""
    for more, _, entries, access, other in ways(first, changed):
        now, then, naive = RightsIndex(access), RightsIndex(other), Naive(more, sure=False)
        for principal in {*PRINCIPALS} & access.state.to.keys():
            told = {
                (each.thing.partition("=")[0].partition(" in (")[0], words)
                for each in entries
                if each.principal == principal and each.change == "rights"
                for words in each.permissions
            }
            reads = any(naive.on(principal, table).rights for table in ("t", "u"))
            assert told == set(_expected(now.of(principal), then.of(principal), reads=reads))


def _expected(have: Rights, had: Rights, *, reads: bool) -> Iterator[tuple[str, str]]:
    for key, right in have.items():
        before = had.get(key, Right(*key, reasons=frozenset({"it was not there"})))
        is_option = right.grantable and not before.grantable
        is_new = key not in had or (bool(before.reasons) and not right.reasons)
        is_sight = isinstance(right.thing, OnDatabase) and right.permission == "DESCRIBE" and not right.grantable
        if (is_new or is_option) and not (is_sight and reads):
            kind, _, name, _ = described(right.thing)
            yield f"{kind} {name}".strip(), f"{right.permission}{OPTION if is_option else ''}"
