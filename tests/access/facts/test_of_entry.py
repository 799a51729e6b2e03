"""Each fact of a difference is a fact of the state that has more, with what the other state had in its place."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler.access import AccessEntry, AccessFact, changed_facts, counts, difference, evaluate, facts_of
from reconciler.access.algebra.rows import ALL_ROWS, text
from reconciler.access.facts.access_fact import ChangedFact
from reconciler.access.facts.of_entry import facts_of_entry
from reconciler.model.lakeformation import Target
from reconciler.model.resource import AnyResource, Snapshot
from reconciler.report.access_facts import facts_table
from tests.access.building import ANN, EVE, WORLD, columns, give, named, seen, state, table, tag, where, with_one_more
from tests.access.holdings import changes
from tests.access.naive import Naive
from tests.access.strategies import a_change, a_state
from tests.estate import bank


def same(fact: AccessFact) -> tuple[object, ...]:
    """What a fact says, without the ways by which it is so."""
    return (fact.key, fact.rows, fact.certain, fact.labels, fact.rank, fact.sensitivity, fact.verdict)


@settings(max_examples=25, deadline=None)
@given(a_state, a_change)
def test_a_fact_of_a_difference_is_one_of_the_state_that_has_more(first: Snapshot, changed: AnyResource) -> None:
    second = with_one_more(first, changed)
    before, after = evaluate(first, WORLD), evaluate(second, WORLD)
    found = difference(before, after)
    states = {True: {*map(same, facts_of(after, bank()))}, False: {*map(same, facts_of(before, bank()))}}
    less = {True: Naive(first, sure=True), False: Naive(second, sure=True)}
    for each in changed_facts(found, bank()):
        fact, other = each.fact, less[each.gained]
        is_told = each.change in ("columns", "rows", "raw-read", "permissions") and not fact.principal.isdigit()
        if is_told and fact.certain:
            assert same(fact) in states[each.gained]
        if fact.column:
            assert each.sensitivity_before == other.tags("db", fact.table, fact.column).get("sensitivity", "")
        if each.change in ("columns", "rows") and fact.permission == "SELECT":
            assert each.readable_before == (each.change == "rows")
            assert (fact.column in other.on(fact.principal, fact.table).columns) == each.readable_before
        if each.change != "rows":
            assert each.rows_before is None
        assert not each.values_of


@settings(max_examples=25, deadline=None)
@given(a_state, st.sampled_from(["INSERT", "DELETE", "ALL"]), st.sampled_from([ANN, EVE]))
def test_files_that_somebody_comes_to_read_are_facts_of_the_columns_that_he_does_not_read_anyway(
    first: Snapshot, right: str, principal: str
) -> None:
    (more,) = give(principal, named(), right)
    second = with_one_more(first, more)
    found = difference(evaluate(first, WORLD), evaluate(second, WORLD))
    has = Naive(second, sure=True).on(principal, "t")
    (table,) = [view for view in found.after.tables.values() if view.id.table == "t"]
    told = {each.fact.column for each in changed_facts(found, bank()) if each.change == "raw-read" and each.fact.column}
    entries = [each for each in found.gained if (each.change, each.principal) == ("raw-read", principal)]
    assert told == ({*table.columns} - has.whole if entries else set())


@settings(max_examples=25, deadline=None)
@given(a_state, a_state)
def test_counts_are_of_different_people_tables_and_columns(one: Snapshot, other: Snapshot) -> None:
    found = difference(evaluate(one, WORLD), evaluate(other, WORLD))
    told = found.counts()
    sure = [each for each in found.gained if each.change != "unknown"]
    assert told.principals == len({each.principal for each in sure})
    assert told.tables == len({each.place for each in sure if each.change != "rights"})
    assert told.columns == len({(each.place.table, name) for each in sure for name in each.columns})
    assert counts(()) == counts(each for each in found.gained if each.change == "unknown")
    parts = (found.gained, found.lost, found.shared, found.unshared, found.admins_gained, found.admins_lost)
    assert found.is_empty == all(not part for part in parts)
    same_state = difference(found.after, found.after)
    assert same_state.is_empty


def test_of_each_way_to_another_the_facts_are_what_the_entries_say() -> None:
    for _, _, found in changes():
        told = {
            True: [each for each in changed_facts(found, bank()) if each.gained],
            False: [each for each in changed_facts(found, bank()) if not each.gained],
        }
        for gained, entries in ((True, (*found.gained, *found.shared)), (False, (*found.lost, *found.unshared))):
            for entry in entries:
                if entry.change not in ("rights", "path"):
                    mine = [one for one in told[gained] if _is_of(one, entry)]
                    assert sorted(_plain(one) for one in mine) == sorted(_expected(entry))
                    for one in mine:
                        assert (one.fact.verdict, one.fact.reasons) == (entry.verdict, entry.reasons)
                        assert (one.new_account, one.values_of) == (entry.new_account, "")


def _is_of(changed: ChangedFact, entry: AccessEntry) -> bool:
    """Whether it is this entry that says a fact; entries of one change are told apart by their rows."""
    fact = changed.fact
    if (fact.principal, fact.table, changed.change) != (entry.principal, entry.place.table, entry.change):
        return False
    if entry.change not in ("columns", "rows") or not fact.column:
        return fact.column != "" or entry.change not in ("columns", "rows") or fact.permission in entry.permissions
    return fact.column in entry.columns


def _plain(changed: ChangedFact) -> tuple[str, str, str, bool, str, bool, str]:
    fact = changed.fact
    before = changed.rows_before or ""
    return fact.column, fact.permission, fact.path, fact.certain, fact.rows or "", changed.readable_before, before


def _expected(entry: AccessEntry) -> Iterator[tuple[str, str, str, bool, str, bool, str]]:
    """The facts of an entry, in the words of the entry."""
    before = text(entry.rows_before) or "" if entry.rows_before is not None else ""
    by = "lake-formation"
    if entry.place not in entry.source.tables:
        yield "", "", by, False, "", False, ""
        return
    here = entry.source.on(entry.principal, entry.place)
    rights = {*entry.permissions} - {"SELECT", "DESCRIBE"}
    match entry.change:
        case "columns" | "rows":
            was = entry.change == "rows"
            yield from ((name, "SELECT", by, True, text(entry.rows) or "", was, before) for name in entry.columns)
            yield from (("", each, by, True, "", False, "") for each in rights)
        case "raw-read":
            hidden = [name for name in here.table_view.columns if here.columns.get(name) != ALL_ROWS]
            yield from ((name, "READ_FILES", "files-by-writing", True, "", False, "") for name in hidden)
            yield from (("", each, by, True, "", False, "") for each in rights)
        case "permissions":
            said = {*entry.permissions} - {"DESCRIBE"} if {*here.permissions} - {"DESCRIBE"} else {*entry.permissions}
            yield from (("", each, by, True, "", False, "") for each in said if not here.columns or each in rights)
        case "opened":
            yield from ((name, "SELECT", "iam", True, "", False, "") for name in entry.columns)
        case _ if entry.columns:
            yield from ((name, "SELECT", by, False, "", False, "") for name in entry.columns)
        case _:
            yield "", "", by, False, "", False, ""


TARGETS = st.sampled_from([named(), columns("a"), columns("z"), columns("z", excluded=True), where(level="low")])
RIGHTS = st.lists(st.sampled_from(["SELECT", "INSERT", "DELETE", "ALL", "DESCRIBE"]), min_size=1, unique=True)


@given(st.sampled_from(["", "a b"]), TARGETS, RIGHTS, RIGHTS)
@example("", named(), ["SELECT", "INSERT"], ["DESCRIBE"])
@example("a b", columns("z"), ["SELECT"], ["INSERT"])
def test_every_permission_of_an_entry_is_a_fact_also_where_no_column_says_it(
    of_table: str, target: Target, first: list[str], second: list[str]
) -> None:
    there = (table(columns=of_table), tag("db.t", level="low"))
    rights = [
        give(ANN, on, right)
        for on, chosen in ((target, first), (named(), second))
        for right in chosen
        if right in ("SELECT", "DESCRIBE") or on == named()
    ]
    found = difference(evaluate(state(*there), WORLD), evaluate(state(*there, *rights), WORLD))
    for entry in found.gained:
        if entry.change in ("rights", "unknown"):
            continue
        facts = [*facts_of_entry(entry, bank())]
        assert {*entry.permissions} - {"DESCRIBE"} <= {each.permission for each in facts}
        said = " ".join(" ".join(row) for row in facts_table(facts).rows)
        assert all(each in said for each in {*entry.permissions} - {"DESCRIBE", "SELECT" if entry.columns else ""})
        if entry.change == "raw-read":
            by_writing = {each.column for each in facts if each.permission == "READ_FILES"}
            assert by_writing == ({*of_table.split()} - _read(entry) if of_table else {""})


def _read(entry: AccessEntry) -> set[str]:
    """The columns that are read whole anyway."""
    return {name for name, rows in seen(entry.source.on(entry.principal, entry.place)).items() if rows is None}
