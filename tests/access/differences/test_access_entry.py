"""An entry of a difference: JSON, in the order of harm, and what is no change after all."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.access import AccessDifference, AccessEntry, difference, evaluate
from reconciler.access.algebra.rows import text
from reconciler.access.differences.access_entry import ChangeType
from reconciler.access.state.principal_directory import account_of
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.model.resource import Snapshot
from tests.access.building import ANN, BOB, CONSUMER, OWNER, WORLD, T, accepted, access, columns, give, named, table
from tests.access.naive import Naive
from tests.access.strategies import a_state

SAID = ("columns", "permissions", "change", "verdict", "reasons", "via", "thing", "path", "new_account")
PARTS = ("gained", "lost", "shared", "unshared", "passed_on")


def every(found: AccessDifference) -> list[AccessEntry]:
    return [each for name in PARTS for each in getattr(found, name)]


@settings(max_examples=15, deadline=None)
@given(a_state, a_state)
def test_json_says_each_entry_with_every_field_in_its_place(one: Snapshot, other: Snapshot) -> None:
    found = difference(evaluate(one, WORLD), evaluate(other, WORLD))
    told = found.as_json()
    assert told.keys() == {*PARTS, "admins_gained", "admins_lost"}
    for name in PARTS:
        assert told[name] == [each.as_json() for each in getattr(found, name)]
    for name in ("admins_gained", "admins_lost"):
        assert [(each["account"], each["principal"]) for each in told[name]] == [*getattr(found, name)]
    for each in every(found):
        role = each.assumed.role if each.assumed is not None else ""
        said = {name: getattr(each, name) for name in SAID} | {"assumed": role}
        account = account_of(each.principal) or ("" if role else each.place.catalog)
        said |= {"principal": each.principal, "account": account}
        said |= {"catalog": each.place.catalog, "database": each.place.database, "table": each.place.table}
        said |= {"rows": text(each.rows), "sensitivity": dict(each.sensitivity), "values_of": dict(each.values_of)}
        said["rows_before"] = text(each.rows_before) if each.rows_before is not None else None
        assert each.as_json() == said
        assert each.where == (each.thing if each.thing else str(each.place))
        who = f"{WORLD.trusted(each.principal)} as {WORLD.label(role)}" if role else WORLD.label(each.principal)
        assert each.label == who


@settings(max_examples=25, deadline=None)
@given(a_state, a_state)
def test_what_may_be_so_in_the_other_state_too_is_perhaps_no_change(one: Snapshot, other: Snapshot) -> None:
    before, after = evaluate(one, WORLD), evaluate(other, WORLD)
    found = difference(before, after)
    for entries, less in (((*found.gained, *found.shared), one), ((*found.lost, *found.unshared), other)):
        most = Naive(less, sure=False)
        for each in entries:
            if each.change != "unknown" or each.place.table == "*":
                assert not each.is_perhaps_no_change
                continue
            has = most.on(each.principal, each.place.table)
            same = {*each.columns} <= has.columns and {*each.permissions} <= has.rights
            assert each.is_perhaps_no_change == same


STATE = access(table())
ENTRY = AccessEntry(ANN, T, "columns", ("a",), frozenset(), (), "open", source=STATE, other=STATE)


def test_where_iam_decides_a_grant_limits_nothing_but_the_opening_itself_is_no_grant() -> None:
    for change, is_left in (("columns", True), ("rows", True), ("permissions", True), ("raw-read", True)):
        assert replace(ENTRY, change=change).is_left_to_iam is is_left
    for change in ("opened", "rights", "path"):
        assert not replace(ENTRY, change=change).is_left_to_iam
    assert not replace(ENTRY, verdict="enforced").is_left_to_iam
    assert not replace(ENTRY, principal=IAM_ALLOWED_PRINCIPALS).is_left_to_iam


def test_the_greater_harm_comes_first() -> None:
    """Each is worse than the next, whatever else that one has."""
    kinds: tuple[ChangeType, ...] = ("columns", "permissions", "raw-read", "path", "unknown", "rows")
    most = replace(ENTRY, columns=("a",) * 9)
    worse = [
        replace(ENTRY, change="opened", columns=()),
        replace(ENTRY, change="permissions", new_account=True, rank=3),
        replace(most, new_account=True, rank=2, change="rows"),
        replace(ENTRY, change="rows", rank=0),
        replace(ENTRY, change="unknown", rank=0),
        replace(ENTRY, change="path", rank=0),
        replace(ENTRY, rank=4),
        replace(most, rank=3),
        replace(ENTRY, rank=3, columns=("a", "b")),
        replace(ENTRY, rank=3),
        replace(ENTRY, rank=0, columns=()),
    ]
    harm = [each.badness for each in worse]
    assert harm == sorted(harm, reverse=True)
    assert len({*harm}) == len(harm)
    assert replace(ENTRY, change="raw-read").badness == replace(ENTRY, change="path").badness
    assert replace(ENTRY, new_account=True, columns=()).badness == replace(ENTRY, columns=()).badness
    assert len({replace(ENTRY, change=each).badness for each in kinds}) == len(kinds) - 2


@settings(max_examples=15, deadline=None)
@given(a_state, a_state, st.booleans())
def test_entries_come_by_harm_and_of_the_same_harm_by_name(one: Snapshot, other: Snapshot, turned: bool) -> None:
    first, second = evaluate(one, WORLD), evaluate(other, WORLD)
    found = difference(second, first) if turned else difference(first, second)
    for name in PARTS:
        entries = getattr(found, name)
        keys = [(-each.badness, each.principal, each.place, each.columns) for each in entries]
        assert keys == sorted(keys)


def test_paths_are_told_in_sentences_each_grant_once() -> None:
    parts = [table(), accepted(), give(BOB, columns("a")), give(BOB, named(), "INSERT")]
    found = difference(access(table()), access(*parts))
    told = {each.change: each.via for each in found.gained}
    assert told["columns"] == (f"owner grants SELECT on columns of {OWNER}:db.t to consumer/bob",)
    assert f"owner grants INSERT on table {OWNER}:db.t to consumer/bob" in told["raw-read"]
    shared = [table(), accepted(), give(CONSUMER, columns("a")), give(BOB, columns("a"), by=CONSUMER)]
    (direct,) = difference(access(*shared), access(*shared, give(BOB, columns("c")))).gained
    assert direct.via == (f"owner grants SELECT on columns of {OWNER}:db.t to consumer/bob",)
    opened = difference(access(table()), access(table(), give(IAM_ALLOWED_PRINCIPALS, named(), "DESCRIBE"))).gained
    assert opened[0].via == (f"owner grants DESCRIBE on table {OWNER}:db.t to {IAM_ALLOWED_PRINCIPALS}",)
