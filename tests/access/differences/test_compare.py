"""Whatever somebody comes to have by a change is told, and nothing else is: judged cell by cell (access/naive.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hypothesis import given, settings

from reconciler.access import Access, AccessDifference, AccessEntry, TableId, difference, evaluate
from reconciler.access.algebra.rows import text
from reconciler.access.differences.rights import OPTION
from reconciler.access.evaluation.enforcement import table_uncertainties
from reconciler.access.evaluation.rights import Right, Rights, RightsIndex, described
from reconciler.access.state.principal_directory import account_of
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS, OnDatabase
from reconciler.model.resource import AnyResource, Snapshot
from tests.access.building import ANN, BOB, OWNER, WORLD, T, with_one_more
from tests.access.holdings import changes
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
        _all_is_told(more, less, entries, ("t", "u"))
        _opened_is_told(more, less, entries)


@settings(max_examples=30, deadline=None)
@given(a_state, a_change)
def test_what_is_said_of_an_entry_is_so(first: Snapshot, changed: AnyResource) -> None:
    for more, less, entries, access, other in ways(first, changed):
        _what_is_said_is_so(more, less, entries, access, other)


def test_from_each_way_to_have_something_to_each_other_way() -> None:
    for less, more, found in changes():
        entries = (*found.gained, *found.shared)
        _all_is_told(more, less, entries, ("t",))
        _opened_is_told(more, less, entries)
        _what_is_said_is_so(more, less, entries, found.after, found.before)
        _reasons_are_told(more, less, found)
        assert {each.as_json()["rows_before"] for each in entries} == {
            text(each.rows_before) if each.rows_before is not None else None for each in entries
        }


def _all_is_told(more: Snapshot, less: Snapshot, entries: Iterable[AccessEntry], tables: tuple[str, ...]) -> None:
    now, then = (Naive(more, sure=True), Naive(more, sure=False)), (Naive(less, sure=True), Naive(less, sure=False))
    for principal in PRINCIPALS:
        doubtful = now[1].is_doubtful(principal) or then[1].is_doubtful(principal)
        for table in tables:
            place = TableId(OWNER, "db", table)
            told = [each for each in entries if (each.principal, each.place) == (principal, place)]
            told = [each for each in told if each.change not in ("rights", "path")]
            (sure, most), (was_sure, was_most) = (
                [each.on(principal, table) for each in state] for state in (now, then)
            )
            if any(each.change == "opened" for each in told):
                (entry,) = told
                assert {*entry.permissions} == sure.rights - was_most.rights
                continue
            names = [name for each in told if each.change != "raw-read" for name in each.columns]
            assert len(names) == len({*names}), "each column is told once"
            said, fresh = {*names}, beyond(sure, was_sure) | beyond(most, was_most)
            assert fresh <= said
            assert said == fresh | (_touched(more, less, principal, table) if doubtful else set())
            assert not [each for each in told if not each.columns and not each.permissions][1:]
            assert len(told) == 1 or all(each.columns or each.permissions for each in told)
            perhaps = {name for each in told if each.change == "unknown" for name in each.columns}
            assert beyond(sure, was_most) == said - perhaps
            _rights_are_told(told, (sure, most), (was_sure, was_most))
            columns = {name for names in now[0].columns(table) for name in names} if now[0].is_there(table) else set()
            had = {name for names in then[0].columns(table) for name in names} if then[0].is_there(table) else set()
            writes, wrote = ({"INSERT", "DELETE"} & each.rights for each in (sure, was_sure))
            is_whole, was_whole = (each and one.whole == each for each, one in ((columns, sure), (had, was_sure)))
            is_raw = bool(writes) and not is_whole and not was_whole and not wrote
            assert [each.change for each in told].count("raw-read") == is_raw


def _touched(more: Snapshot, less: Snapshot, principal: str, table: str) -> set[str]:
    """What somebody may come to have of whom nobody knew, or knows, what he has: columns that carry other tags now."""
    now, then = Naive(more, sure=False), Naive(less, sure=False)
    doubts, were = (each.doubts(principal) for each in (now, then))
    if not now.is_there(table) or not doubts & were:
        return set()
    every = {name for names in now.columns(table) for name in names}
    if not then.is_there(table):
        return every
    had = then.columns(table)
    other = {name for name in every if now.tags("db", table, name) != then.tags("db", table, name)}
    other |= every - {name for names in had for name in names}
    is_same = not other and now.columns(table) == had
    return every if is_same and now.served(table) != then.served(table) else other


def _rights_are_told(told: list[AccessEntry], now: tuple[Has, Has], then: tuple[Has, Has]) -> None:
    """Each once: with the first columns, or by itself; what writes files is said of the files, too."""
    (sure, most), (was_sure, was_most) = now, then
    of_columns = [each for each in told if each.change in ("columns", "rows")]
    certain = [each for one in told if one.change not in ("unknown", "raw-read") for each in one.permissions]
    raw = {each for one in told if one.change == "raw-read" for each in one.permissions}
    fresh = sure.rights - was_most.rights
    if of_columns or not raw:
        assert sorted({*certain} - {"SELECT"}) == sorted(each for each in certain if each != "SELECT")
        assert {*certain} - {"SELECT"} == fresh - {"SELECT"}
        assert raw == (fresh & {"INSERT", "DELETE"} if raw else set())
    else:
        assert (certain, raw) == ([], fresh)
    unsure = {each for one in told if one.change == "unknown" for each in one.permissions}
    becomes = (sure.rights - was_sure.rights) & was_most.rights
    assert unsure == becomes | (most.rights - was_most.rights - sure.rights)


def _opened_is_told(more: Snapshot, less: Snapshot, entries: Iterable[AccessEntry]) -> None:
    """That IAM decides now: of everybody, or of who was opted in before."""
    now, then = Naive(more, sure=True), Naive(less, sure=True)
    for principal in PRINCIPALS:
        for table in ("t", "u"):
            told = [each for each in entries if (each.principal, each.place.table) == (principal, table)]
            was_in, is_in = (each.opted_in(principal, table)[0] for each in (then, now))
            is_open, was_open = now.is_open(table), then.is_open(table)
            opened = is_open and (
                not was_open if principal == IAM_ALLOWED_PRINCIPALS else was_open and was_in and not is_in
            )
            assert any(each.change == "opened" for each in told) == (opened and not principal.isdigit())


def _reasons_are_told(more: Snapshot, less: Snapshot, found: AccessDifference) -> None:
    """Doubts that were not there before, and with what is uncertain those for which it is."""
    now, then = (Naive(more, sure=True), Naive(more, sure=False)), (Naive(less, sure=True), Naive(less, sure=False))
    for entry in (*found.gained, *found.shared):
        if entry.place.table == "*" or entry.change in ("rights", "path"):
            continue
        (here, of_here), (there, of_there) = (_reasons(state, entry.principal) for state in (found.after, found.before))
        expected = (here | of_here) - (there | of_there)
        if entry.change == "unknown":
            (sure, most), (was_sure, was_most) = (
                [each.on(entry.principal, entry.place.table) for each in state] for state in (now, then)
            )
            columns, rights = {*entry.columns}, {*entry.permissions}
            if columns & beyond(most, was_most) or rights & (most.rights - was_most.rights - sure.rights):
                expected |= here
            if columns & beyond(sure, was_sure) or rights & (sure.rights - was_sure.rights):
                expected |= there
            if columns & _touched(more, less, entry.principal, entry.place.table):
                both = [state.uncertainties(entry.principal, OWNER) for state in (found.after, found.before)]
                expected |= both[0] & both[1]
        assert {*entry.reasons} == expected
    told = {each.principal for each in found.gained if each.change not in ("rights", "path")}
    for name in (ANN, BOB) if T in found.after.tables else ():
        found_now, had = (_reasons(state, name) for state in (found.after, found.before))
        assert name in told or (found_now[0] | found_now[1]) <= (had[0] | had[1])


def _reasons(state: Access, principal: str) -> tuple[set[str], set[str]]:
    """Why there may be more for somebody by what was granted, and by what the table is."""
    if (view := state.tables.get(T)) is None:
        return set(), set()
    every = {*state.on(principal, T).reasons} - state.uncertainties(principal, OWNER)
    every = {each for each in every if "only one of two accounts" not in each}
    of_table = every & {*table_uncertainties(view)}
    return every - of_table, of_table


def _what_is_said_is_so(
    more: Snapshot, less: Snapshot, entries: Iterable[AccessEntry], access: Access, other: Access
) -> None:
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
            had = other.on(entry.principal, entry.place).possible if entry.place in other.tables else {}
            assert {had.get(name) for name in entry.columns} == {entry.rows_before}
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
        # The tables are the owner's: a database of the same name in another catalog is another one.
        is_sight = right.thing == OnDatabase(OWNER, "db") and right.permission == "DESCRIBE" and not right.grantable
        if (is_new or is_option) and not (is_sight and reads):
            kind, _, name, _ = described(right.thing)
            yield f"{kind} {name}".strip(), f"{right.permission}{OPTION if is_option else ''}"
