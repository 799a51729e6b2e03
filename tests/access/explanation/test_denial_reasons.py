"""What is said to be missing is what is missing: where it comes, the column is read, or the next thing is named."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given, settings

from reconciler.access import evaluate
from reconciler.access.explanation.denial_reasons import denial_reasons, missing_link
from reconciler.access.explanation.explain import explain
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS, OnColumns, OnDatabase, OnFilter
from reconciler.model.resource import Snapshot
from tests.access.building import ANN, BOB, CONSUMER, GROUP, OWNER, WORLD, T, accepted, access, give, link, named, table
from tests.access.naive import Has, Naive
from tests.access.strategies import EVERYBODY, a_state

SOMEBODY = (ANN, BOB, EVERYBODY, CONSUMER)


def reads(has: Iterable[Has], column: str) -> bool:
    return any(column in each.columns for each in has)


@settings(max_examples=25, deadline=None)
@given(a_state)
def test_an_explanation_answers_for_each_column_once_and_says_no_more_than_is_so(found: Snapshot) -> None:
    seen, sure = evaluate(found, WORLD), Naive(found, sure=True)
    for principal in SOMEBODY:
        for place, view in seen.tables.items():
            whole = explain(seen, principal, place)
            assert sorted(name for each in whole.answers for name in each.columns) == sorted(view.columns)
            for answer in whole.answers:
                for name in answer.columns:
                    assert answer.readable == reads([sure.on(principal, place.table)], name)
                    (alone,) = explain(seen, principal, place, name).answers
                    assert (alone.columns, alone.readable) == ((name,), answer.readable)
                    assert len(alone.because) == len(answer.because)
                    if answer.readable:
                        rows = [each for each in answer.because if each.startswith("only rows where ")]
                        assert bool(rows) == (name not in sure.on(principal, place.table).whole)


@settings(max_examples=40, deadline=None)
@given(a_state)
def test_of_what_is_not_read_either_side_is_told_that_does_not_open_it(found: Snapshot) -> None:
    """The owner's grants for the account, and the account's own: by what each opens once it has arrived."""
    seen, sure, most = evaluate(found, WORLD), Naive(found, sure=True), Naive(found, sure=False)
    for place, view in seen.tables.items():
        for name in view.columns:
            if name in seen.on(BOB, place).columns:
                continue
            told = denial_reasons(seen, BOB, view, name)
            assert told or seen.on(BOB, place).verdict == "unknown"
            assert ("the share of owner is not accepted in consumer" in told) == (
                reads((sure.gives(g, t, place.table) for g, t in sure.grants(OWNER, CONSUMER)), name)
                and not _may_have_arrived(most, place.table, name)
            )
            local = (sure.gives(g, t, place.table) for g, t in most.grants(CONSUMER, *most.names(BOB)))
            if not reads(local, name):
                # By himself, or by the filter that he was given and that has not the column.
                assert any("consumer/bob" in each or "of the data filter" in each for each in told)


def _may_have_arrived(most: Naive, table_name: str, column: str) -> bool:
    given = most.grants(OWNER, CONSUMER)
    there = ((g, t) for g, t in given if g.condition or most.has_arrived(CONSUMER, t, table_name))
    return reads((most.gives(g, t, table_name) for g, t in there), column)


def test_a_grant_on_another_table_or_database_is_no_grant_on_this_one() -> None:
    """Neither by its name nor by its columns: the explanation is the one of who has nothing."""
    for target in (
        named("u"),
        named("t", "other"),
        named("*", "other"),
        OnFilter(OWNER, "db", "u", "f"),
        OnColumns(OWNER, "db", "u", ("b",)),
    ):
        found = access(table(), give(ANN, target))
        (reason,) = denial_reasons(found, ANN, found.tables[T], "a")
        assert reason == "owner/ann has no grant of SELECT that reaches db.t"


def test_a_link_is_missing_only_of_somebody_who_reads_from_another_account() -> None:
    see = give(BOB, OnDatabase(CONSUMER, "rl_db"), "DESCRIBE", by=CONSUMER)
    everybody = give(IAM_ALLOWED_PRINCIPALS, OnDatabase(CONSUMER, "rl_db"), "DESCRIBE", by=CONSUMER)
    for principal, more, told in (
        (BOB, [], "the link is missing: consumer has none to database db, so Athena cannot query it"),
        (BOB, [link()], "the link rl_db is there, but consumer/bob has no DESCRIBE on it"),
        (BOB, [link(), *see], None),
        (BOB, [link(), *everybody], None),
        (ANN, [], None),
        (CONSUMER, [], None),
        (GROUP, [], None),
    ):
        found = access(table(), accepted(), give(BOB, named()), *more)
        assert missing_link(found, principal, found.tables[T]) == told
