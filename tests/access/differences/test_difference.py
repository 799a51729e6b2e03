"""The difference of two states: what is gained and lost, in which order, in which form."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from reconciler.access import Access, AccessDifference, AccessEntry, TableId, counts, difference, evaluate
from reconciler.access.algebra.rows import text
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS, OnOther
from reconciler.model.resource import AnyResource, Gap, Observation
from tests.access.building import (
    ANN,
    BOB,
    CONSUMER,
    EVE,
    OTHER,
    OWNER,
    WORLD,
    T,
    accepted,
    access,
    admins,
    by_filter,
    columns,
    give,
    link,
    named,
    opted,
    placement,
    registered,
    row_filter,
    state,
    table,
    tag,
    where,
)

Parts = list[AnyResource | list[AnyResource]]


def changed(before: Parts, after: Parts) -> AccessDifference:
    """The difference of two states."""
    return difference(access(*before), access(*after))


def only(entries: tuple[AccessEntry, ...]) -> AccessEntry:
    """The only entry."""
    assert len(entries) == 1, entries
    return entries[0]


def test_equal_states_differ_in_nothing() -> None:
    parts: Parts = [table(), give(ANN, named()), tag("db", level="low")]
    assert changed(parts, parts).is_empty


def test_a_new_grant_is_gained_columns() -> None:
    found = changed([table()], [table(), give(ANN, columns("b", "a"))])
    entry = only(found.gained)
    assert (entry.principal, entry.place, entry.change, entry.columns) == (ANN, T, "columns", ("a", "b"))
    assert entry.permissions == ("DESCRIBE", "SELECT")
    assert (entry.readable, entry.width, found.lost) == (2, 3, ())


def test_a_tag_that_moves_is_explained_by_exactly_the_cells_that_it_moves() -> None:
    grant = give(ANN, where(level="low"))
    low = [table(), tag("db.t", level="low"), grant]
    found = changed([*low, tag("db.t.a", level="high")], [*low, tag("db.t.b", level="high")])
    assert (only(found.gained).columns, only(found.lost).columns) == (("a",), ("b",))


def test_a_wider_row_filter_is_gained_rows() -> None:
    before: Parts = [table(), row_filter("f", "a = 1"), give(ANN, by_filter("f"))]
    after: Parts = [*before, row_filter("g", "a = 2", "b"), give(ANN, by_filter("g"))]
    entry = only(changed(before, after).gained)
    assert (entry.change, entry.columns) == ("rows", ("b",))
    assert (text(entry.rows_before or entry.rows), text(entry.rows)) == ("a = 1", "(a = 1) OR (a = 2)")
    assert not changed(before, after).lost


def test_a_changed_condition_is_both_gained_and_lost() -> None:
    """Conditions are never looked into: neither implies the other."""
    given = give(ANN, by_filter("f"))
    found = changed([table(), row_filter("f", "a = 1"), given], [table(), row_filter("f", "a < 9"), given])
    assert (only(found.gained).change, only(found.lost).change) == ("rows", "rows")


def test_permissions_alone_are_told_without_columns() -> None:
    before: Parts = [table(), give(ANN, named())]
    entry = only(changed(before, [*before, give(ANN, named(), "ALTER")]).gained)
    assert (entry.change, entry.columns, entry.permissions) == ("permissions", (), ("ALTER",))


def test_writing_without_reading_is_told_as_raw_read() -> None:
    entry = only(changed([table()], [table(), give(ANN, named(), "INSERT")]).gained)
    assert (entry.change, entry.columns) == ("raw-read", ("a", "b", "c"))


def test_a_table_opened_to_iam_is_one_entry_and_the_worst() -> None:
    before: Parts = [table(), give(ANN, columns("a"))]
    after: Parts = [*before, give(ANN, columns("a", "b")), give(IAM_ALLOWED_PRINCIPALS, named(), "ALL")]
    found = changed(before, after)
    assert [(entry.principal, entry.change) for entry in found.gained] == [
        (IAM_ALLOWED_PRINCIPALS, "opened"),
        (ANN, "columns"),
    ]
    assert found.gained[0].columns == ("a", "b", "c")
    assert changed(after, before).lost[0].change == "opened"


def test_an_opt_in_taken_back_is_opened_for_its_principal() -> None:
    before: Parts = [table(), give(IAM_ALLOWED_PRINCIPALS, named(), "ALL"), give(ANN, columns("a"))]
    entry = only(changed([*before, opted(ANN, named())], before).gained)
    assert (entry.principal, entry.change, entry.verdict) == (ANN, "opened", "open")


def test_an_acceptance_opens_what_was_shared_and_passed_on() -> None:
    parts: Parts = [table(), give(CONSUMER, columns("a")), give(BOB, named(), by=CONSUMER)]
    entry = only(changed(parts, [*parts, accepted()]).gained)
    assert (entry.principal, entry.columns) == (BOB, ("a",))


def test_a_share_that_nobody_was_passed_is_shared_and_not_gained() -> None:
    found = changed([table()], [table(), give(CONSUMER, columns("a")), accepted()])
    assert not found.gained
    assert (only(found.shared).principal, only(found.shared).columns) == (CONSUMER, ("a",))


def test_a_share_that_widens_reaches_those_to_whom_it_was_passed_on() -> None:
    parts: Parts = [table(), give(BOB, named(), by=CONSUMER), accepted()]
    found = changed([*parts, give(CONSUMER, columns("a"))], [*parts, give(CONSUMER, columns("a", "b"))])
    assert (only(found.gained).principal, only(found.gained).columns) == (BOB, ("b",))


def test_a_new_column_that_inherits_an_open_tag_is_gained() -> None:
    grant, low = give(ANN, where(level="low")), tag("db.t", level="low")
    found = changed([table(columns="a b"), low, grant], [table(columns="x a b"), low, grant])
    assert only(found.gained).columns == ("x",)
    assert not found.lost


def test_a_table_that_goes_is_lost() -> None:
    entry = only(changed([table(), give(ANN, named())], [give(ANN, named())]).lost)
    assert (entry.columns, entry.readable) == (("a", "b", "c"), 3)


def test_a_doubt_that_comes_up_is_gained() -> None:
    stored = [table(uri="s3://lake/t"), give(ANN, named())]
    entry, path = sorted(changed([*stored, registered()], [*stored]).gained, key=lambda each: each.change == "path")
    assert (path.change, path.path, path.verdict) == ("path", "not-registered", "unknown")
    assert (entry.change, entry.verdict) == ("unknown", "unknown")
    assert "not registered" in entry.reasons[0]


def test_a_doubt_about_a_whole_catalog_is_one_entry() -> None:
    before: Parts = [table(), table("u")]
    entry = only(changed(before, [*before, give(ANN, OnOther(OWNER, "{}"))]).gained)
    assert (entry.place, entry.change) == (TableId(OWNER, "*", "*"), "unknown")
    assert entry.via == entry.reasons


def test_administrators_are_listed_apart() -> None:
    found = changed([admins(OWNER, BOB)], [admins(OWNER, ANN)])
    assert (found.admins_gained, found.admins_lost) == (((OWNER, ANN),), ((OWNER, BOB),))
    assert not found.gained


def test_gaps_are_told_and_are_no_change() -> None:
    parts = state(table(), give(ANN, named()))
    gap = Gap("grant", placement(OWNER), "AccessDenied")
    found = difference(evaluate(Observation(parts, (gap,)), WORLD), evaluate(parts, WORLD))
    assert (found.is_empty, found.gaps) == (True, (gap,))


def test_the_worst_comes_first() -> None:
    """Open to IAM, then the most sensitive to a new account, then wider rows, then size."""
    before: Parts = [
        table(),
        table("u"),
        tag("db.t.a", sensitivity="restricted"),
        tag("db.t.b", sensitivity="public"),
        tag("db.t.c", sensitivity="public"),
        tag("db.u", sensitivity="public"),
        row_filter("f", "a = 1"),
        give(ANN, by_filter("f")),
    ]
    after: Parts = [
        *before,
        row_filter("g", "a = 2"),
        give(ANN, by_filter("g")),
        give(BOB, columns("b", "c")),
        accepted(CONSUMER),
        accepted(OTHER),
        give(EVE, columns("a")),
        give(ANN, named("u")),
        give(IAM_ALLOWED_PRINCIPALS, named("u"), "ALL"),
    ]
    order = [(entry.principal, entry.change) for entry in changed(before, after).gained]
    assert order == [
        (IAM_ALLOWED_PRINCIPALS, "opened"),
        (EVE, "columns"),
        (ANN, "columns"),
        (BOB, "columns"),
        (ANN, "rows"),
    ]


def test_an_account_is_new_while_none_of_its_principals_reads_the_table() -> None:
    friend = BOB.replace("bob", "carl")
    there: Parts = [table(), accepted()]
    first = only(changed(there, [*there, give(BOB, columns("a"))]).gained)
    there.append(give(friend, columns("a")))
    second = only(changed(there, [*there, give(BOB, columns("a"))]).gained)
    assert (first.new_account, second.new_account) == (True, False)


def test_columns_carry_their_sensitivity_and_the_unclassified_counts_as_the_worst() -> None:
    classified = [tag("db.t.a", sensitivity="public"), tag("db.t.b", sensitivity="restricted")]
    parts: Parts = [table(), *classified]
    public = only(changed(parts, [*parts, give(ANN, columns("a"))]).gained)
    every = only(changed(parts, [*parts, give(ANN, named())]).gained)
    assert public.sensitivity == (("a", "public"),)
    assert every.sensitivity == (("a", "public"), ("b", "restricted"))
    assert public.rank < 3 < every.rank


def test_an_entry_has_the_fields_of_the_contract_and_its_paths() -> None:
    after: Parts = [
        table(),
        give(CONSUMER, by_filter("f")),
        give(BOB, named(), by=CONSUMER),
        row_filter("f", "a = 1", "a"),
        accepted(),
        link(),
    ]
    data = json.loads(json.dumps(only(changed([table()], after).gained).as_json()))
    assert {name: data[name] for name in ("principal", "account", "catalog", "database", "table")} == {
        "principal": BOB,
        "account": CONSUMER,
        "catalog": OWNER,
        "database": "db",
        "table": "t",
    }
    assert (data["columns"], data["rows"], data["permissions"]) == (["a"], "a = 1", ["DESCRIBE", "SELECT"])
    assert data["via"] == [
        f"owner grants SELECT on filter {OWNER}:db.t/f to consumer",
        f"consumer grants SELECT on table {OWNER}:db.t to consumer/bob",
        "consumer accepted the shares of owner",
    ]


def test_counts_are_of_different_things() -> None:
    found = changed([table()], [table(), accepted(), give(ANN, columns("a")), give(BOB, columns("a", "b"))])
    assert found.counts() == counts(found.gained)
    assert (found.counts().principals, found.counts().tables, found.counts().columns) == (2, 1, 2)


@pytest.mark.parametrize("account", [CONSUMER, OTHER])
def test_a_change_of_organization_is_seen(account: str) -> None:
    parts = state(table(), give(CONSUMER, named()), give(BOB, named(), by=CONSUMER))
    directory = replace(WORLD, organizations={OWNER: "o-1", account: "o-1"})
    found: Access = evaluate(parts, directory)
    assert bool(difference(evaluate(parts, WORLD), found).gained) == (account == CONSUMER)
