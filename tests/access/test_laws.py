"""Laws of effective access, over random small worlds: monotone, exact, mirrored, and the same by every way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.access import Access, AccessEntry, TableId, difference, evaluate
from reconciler.access.algebra.column_rows import each, join, mask, meet, some
from reconciler.access.algebra.rows import ALL_ROWS, Rows, both, either, text, within
from reconciler.access.algebra.rows import where as rows_where
from reconciler.access.differences.affected import Affected
from reconciler.access.differences.difference import compare
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.model.resource import AnyResource, Snapshot
from tests.access.building import WORLD, T, with_one_more
from tests.access.strategies import U, a_change, a_grant, a_right, a_state, a_tag

some_rows = st.lists(st.lists(st.sampled_from("pqrs"), max_size=3), min_size=1, max_size=3).map(
    lambda clauses: _sum(_product(rows_where(each) for each in clause) for clause in clauses)
)
some_cells = st.lists(st.tuples(some_rows, st.integers(0, 15)), max_size=3).map(
    lambda parts: _join_all(some(rows, columns) for rows, columns in parts)
)


def _product(parts: Iterable[Rows]) -> Rows:
    found = ALL_ROWS
    for part in parts:
        found = both(found, part)
    return found


def _sum(parts: Iterable[Rows]) -> Rows:
    found: Rows = frozenset()
    for part in parts:
        found = either(found, part)
    return found


def _join_all(parts: Iterable[tuple[tuple[Rows, int], ...]]) -> tuple[tuple[Rows, int], ...]:
    found: tuple[tuple[Rows, int], ...] = ()
    for part in parts:
        found = join(found, part)
    return found


def truth(rows: Rows, holding: frozenset[str]) -> bool:
    """Whether a row for which exactly these conditions hold is among the rows."""
    return any(clause <= holding for clause in rows)


EVERY_ROW = [
    frozenset(name for name, yes in zip("pqrs", flags, strict=True) if yes) for flags in product((0, 1), repeat=4)
]


def every_pair(before: Access, after: Access) -> dict[str, set[TableId]]:
    """All principals, wholes and tables of both states."""
    names = {
        *before.principals,
        *after.principals,
        *before.state.wholes,
        *after.state.wholes,
        IAM_ALLOWED_PRINCIPALS,
    }
    places = {*before.tables, *after.tables}
    return {name: set(places) for name in names}


def everything(before: Access, after: Access) -> Affected:
    """As if anything could have changed for anybody."""
    pairs = every_pair(before, after)
    return Affected(pairs, dict.fromkeys({*pairs, *before.state.to, *after.state.to}))


def unlabelled(entries: Iterable[AccessEntry]) -> set[AccessEntry]:
    """Without labels: values that move to another column have those of before, whichever way one looks."""
    return {replace(entry, sensitivity=(), rank=0) for entry in entries}


@given(some_rows, some_rows)
def test_rows_are_logic(one: Rows, other: Rows) -> None:
    """OR, AND and implication of conditions agree with truth tables; `within` never says too much."""
    for holding in EVERY_ROW:
        assert truth(either(one, other), holding) == (truth(one, holding) or truth(other, holding))
        assert truth(both(one, other), holding) == (truth(one, holding) and truth(other, holding))
    assert within(one, other) == all(truth(other, holding) for holding in EVERY_ROW if truth(one, holding))


@given(some_cells, some_cells)
def test_cells_are_rows_column_by_column(
    one: tuple[tuple[Rows, int], ...], other: tuple[tuple[Rows, int], ...]
) -> None:
    """Union and intersection of cells are those of each column's rows, and equal cells are equal values."""
    names = ("a", "b", "c", "d")
    mine, theirs = dict(each(one, names)), dict(each(other, names))
    nobody: Rows = frozenset()
    united, common = dict(each(join(one, other), names)), dict(each(meet(one, other), names))
    for name in names:
        assert united.get(name, nobody) == either(mine.get(name, nobody), theirs.get(name, nobody))
        assert common.get(name, nobody) == both(mine.get(name, nobody), theirs.get(name, nobody))
    assert join(one, other) == join(other, one)
    for column_rows in (join(one, other), meet(one, other)):
        order = [text(rows) or "" for rows, _ in column_rows]
        assert order == sorted({*order})
    assert mask(one) == sum(1 << names.index(name) for name in mine)


@settings(max_examples=150, deadline=None)
@given(a_state, st.one_of(a_grant, a_right))
def test_adding_a_grant_never_removes_access_and_removing_one_never_adds(before: Snapshot, more: AnyResource) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-metadata.html"""
    after = with_one_more(before, more)
    if before.get(more.address, more).spec != more.spec:
        return  # It replaces another list of columns.
    one, other = evaluate(before, WORLD), evaluate(after, WORLD)
    # A doubt about what is there all the same may end.
    closed = [
        entry
        for entry in difference(one, other).lost
        if entry.change != "opened" and (entry.change != "unknown" or entry.columns or entry.permissions)
    ]
    assert not closed
    for principal, places in every_pair(one, other).items():
        for place in places:
            old, new = one.on(principal, place), other.on(principal, place)
            assert set(old.permissions) <= set(new.permissions)
            assert all(within(rows, new.columns[name]) for name, rows in old.columns.items())


@settings(max_examples=150, deadline=None)
@given(a_state, a_state)
def test_the_difference_mirrored_swaps_gained_and_lost(before: Snapshot, after: Snapshot) -> None:
    one, other = evaluate(before, WORLD), evaluate(after, WORLD)
    there, back = difference(one, other), difference(other, one)
    assert (unlabelled(there.gained), unlabelled(there.lost)) == (unlabelled(back.lost), unlabelled(back.gained))
    assert (unlabelled(there.shared), unlabelled(there.unshared)) == (
        unlabelled(back.unshared),
        unlabelled(back.shared),
    )
    assert (there.admins_gained, there.admins_lost) == (back.admins_lost, back.admins_gained)


@settings(max_examples=300, deadline=None)
@given(a_state, a_state)
def test_the_difference_of_what_was_touched_is_that_of_all_pairs(before: Snapshot, after: Snapshot) -> None:
    """Of two states that have nothing in common."""
    one, other = evaluate(before, WORLD), evaluate(after, WORLD)
    assert difference(one, other) == compare(one, other, everything(one, other))


@settings(max_examples=300, deadline=None)
@given(a_state, a_change, st.one_of(st.none(), st.integers(0, 20)))
def test_the_difference_of_one_change_is_that_of_all_pairs(
    before: Snapshot, changed: AnyResource, removed: int | None
) -> None:
    """Of two states that have nearly everything in common."""
    if removed is not None and before:
        gone = [*before][removed % len(before)]
        after = Snapshot(each for each in before.values() if each.address != gone)
    else:
        after = with_one_more(before, changed)
    one, other = evaluate(before, WORLD), evaluate(after, WORLD)
    assert difference(one, other) == compare(one, other, everything(one, other))


@settings(max_examples=150, deadline=None)
@given(a_state, a_tag)
def test_a_tag_change_is_explained_by_exactly_the_cells_that_it_moves(before: Snapshot, moved: AnyResource) -> None:
    """Each cell that is readable in one state only (not even perhaps in the other) is in one entry, and no other is."""
    one, other = evaluate(before, WORLD), evaluate(with_one_more(before, moved), WORLD)
    found = difference(one, other)
    for less, more, entries in (
        (one, other, (*found.gained, *found.shared)),
        (other, one, (*found.lost, *found.unshared)),
    ):
        told = sorted(
            (entry.principal, entry.place, name)
            for entry in entries
            if entry.change in ("columns", "rows")
            for name in entry.columns
        )
        moved_cells = sorted(
            (principal, place, name)
            for principal, places in every_pair(one, other).items()
            for place in places
            for name, rows in more.on(principal, place).columns.items()
            if name not in (known := less.on(principal, place).possible) or not within(rows, known[name])
        )
        opened = {(entry.principal, entry.place) for entry in entries if entry.change == "opened"}
        assert told == [placement for placement in moved_cells if placement[:2] not in opened]


@settings(max_examples=100, deadline=None)
@given(a_state)
def test_readers_of_tables_and_tables_of_readers_agree(found: Snapshot) -> None:
    access = evaluate(found, WORLD)
    by_table = {(each.principal, each.table_view.id) for place in access.tables for each in access.readers(place)}
    by_reader = {(each.principal, each.table_view.id) for name in access.principals for each in access.of(name)}
    assert {pair for pair in by_table if pair[0] != IAM_ALLOWED_PRINCIPALS} == by_reader


@settings(max_examples=100, deadline=None)
@given(a_state, st.randoms(use_true_random=False))
def test_the_order_of_resources_does_not_matter(found: Snapshot, random: object) -> None:
    shuffled = list(found.values())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = evaluate(found, WORLD), evaluate(Snapshot(shuffled), WORLD)
    for place in (T, U):
        assert [_plain(each) for each in one.readers(place)] == [_plain(each) for each in other.readers(place)]


def _plain(found: object) -> object:
    return (found.principal, found.permissions, found.column_rows, found.verdict, found.reasons)  # type: ignore[attr-defined]
