"""Differences in sentences: each sort of change, who is told together, what is left out, and nothing that hides."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from reconciler.access import AccessDifference, difference, evaluate
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.model.resource import AnyResource, Gap, Observation
from reconciler.report.access_markdown import as_markdown, difference_markdown
from reconciler.report.access_text import difference_text, readers_text, reads_text
from tests.access.building import (
    ANN,
    BOB,
    CONSUMER,
    OWNER,
    WORLD,
    T,
    accepted,
    access,
    admins,
    by_filter,
    columns,
    give,
    named,
    opted,
    placement,
    registered,
    row_filter,
    state,
    table,
    tag,
)

Parts = Iterable[AnyResource | list[AnyResource]]


def changed(before: Parts, after: Parts) -> AccessDifference:
    """The difference of two states."""
    return difference(access(*before), access(*after))


def told(before: Parts, after: Parts) -> list[str]:
    """The lines after the headline."""
    return list(difference_text(changed(before, after)))[1:]


BASE: list[AnyResource | list[AnyResource]] = [table(), row_filter("f", "a = 1"), row_filter("g", "b = 2")]
CHANGES: list[tuple[Parts, Parts, str, str]] = [
    (
        BASE,
        [*BASE, give(ANN, columns("a", "b"))],
        "+ owner/ann may read 2 of 3 columns of db.t, some of them not classified, as the first in the account",
        "- owner/ann may no longer read db.t (was 2 of 3 columns)",
    ),
    (
        [*BASE, give(ANN, columns("a"))],
        [*BASE, give(ANN, columns("a", "b"))],
        "+ owner/ann may read 1 more column of db.t (b), not classified; 2 of 3 in all",
        "- owner/ann may no longer read 1 column of db.t (b); 1 of 3 left",
    ),
    (
        [*BASE, give(ANN, by_filter("f"))],
        [*BASE, give(ANN, by_filter("f")), give(ANN, by_filter("g"))],
        "+ owner/ann may read more rows of db.t, rows where (a = 1) OR (b = 2); before only where a = 1",
        "- owner/ann may read fewer rows of db.t: only where a = 1",
    ),
    (
        [*BASE, give(ANN, by_filter("f"))],
        [*BASE, give(ANN, by_filter("f")), give(ANN, named())],
        "+ owner/ann may read more rows of db.t, all of them; before only where a = 1",
        "- owner/ann may read fewer rows of db.t: only where a = 1",
    ),
    (
        BASE,
        [*BASE, give(ANN, named(), "SELECT", "INSERT")],
        "+ owner/ann may read 3 of 3 columns of db.t, some of them not classified, as the first in the account; "
        "may also INSERT",
        "- owner/ann may no longer read db.t (was 3 of 3 columns), nor INSERT",
    ),
    (
        BASE,
        [*BASE, give(ANN, named(), "DESCRIBE", "DROP")],
        "+ owner/ann may DESCRIBE, DROP db.t",
        "- owner/ann may no longer DESCRIBE, DROP db.t",
    ),
    (
        BASE,
        [*BASE, give(ANN, named(), "INSERT")],
        "+ owner/ann may read the files of db.t past columns and rows, by DESCRIBE, INSERT",
        "- owner/ann may no longer read the files of db.t past columns and rows",
    ),
    (
        BASE,
        [*BASE, give(IAM_ALLOWED_PRINCIPALS, named(), "ALL")],
        "+ everybody with IAM rights may read all of db.t: it is open to IAM",
        "- db.t is no longer open to everybody with IAM rights",
    ),
    (
        [*BASE, give(IAM_ALLOWED_PRINCIPALS, named(), "ALL"), opted(ANN, named())],
        [*BASE, give(IAM_ALLOWED_PRINCIPALS, named(), "ALL")],
        "+ Lake Formation no longer decides for owner/ann on db.t: IAM does",
        "- Lake Formation decides again for owner/ann on db.t",
    ),
    (
        [
            *BASE,
            give(IAM_ALLOWED_PRINCIPALS, named(), "ALL"),
            opted(CONSUMER, named()),
            opted(BOB, named(), CONSUMER),
        ],
        [*BASE, give(IAM_ALLOWED_PRINCIPALS, named(), "ALL"), opted(CONSUMER, named())],
        "+ Lake Formation may no longer decide for consumer/bob on db.t: half of the opt-in is gone",
        "- Lake Formation decides again for consumer/bob on db.t",
    ),
    (
        [*BASE, give(IAM_ALLOWED_PRINCIPALS, named(), "ALL")],
        [*BASE, give(IAM_ALLOWED_PRINCIPALS, named(), "ALL"), give(ANN, columns("a"))],
        "+ owner/ann may read 1 of 3 columns of db.t, not classified, as the first in the account; "
        "as far as IAM lets, Lake Formation does not decide",
        "- owner/ann may no longer read db.t (was 1 of 3 columns); as far as IAM lets, Lake Formation does not decide",
    ),
    (
        [admins(OWNER)],
        [admins(OWNER, ANN)],
        "+ owner/ann becomes a data lake administrator of owner and may grant itself what is there",
        "- owner/ann is no longer a data lake administrator of owner",
    ),
    (
        BASE,
        [*BASE, give(CONSUMER, columns("a"))],
        "+ consumer as a whole may pass on 1 of 3 columns of db.t, not classified",
        "- consumer as a whole may no longer pass on 1 of 3 columns of db.t, not classified",
    ),
]


@pytest.mark.parametrize(("before", "after", "gained", "lost"), CHANGES)
def test_each_sort_of_change_is_a_sentence_both_ways(before: Parts, after: Parts, gained: str, lost: str) -> None:
    assert [line.strip() for line in told(before, after)][:1] == [gained]
    assert [line.strip() for line in told(after, before)][:1] == [lost]


def test_doubts_are_not_counted_as_gains_or_losses_and_come_last_of_what_is_lost() -> None:
    waiting = [table(), give(CONSUMER, named()), give(BOB, named(), by=CONSUMER), accepted(pending=True)]
    arrived = waiting[:-1]
    lines = list(difference_text(difference(access(*waiting, give(ANN, named())), access(*arrived))))
    assert lines[0] == "Access: 1 principal loses 3 columns in 1 table."
    assert [line.split()[:2] for line in lines[1:]] == [["-", "owner/ann"], ["-", "consumer/bob"]]
    only = list(difference_text(difference(access(*waiting), access(*arrived))))
    assert only[0] == "No reader surely gains or loses access; what is not certain changes."


def test_a_condition_for_another_is_told_once_as_other_rows() -> None:
    """What conditions mean is not compared, only their form: it may be more, or less, or both."""
    granted = [table(), give(ANN, by_filter("f"))]
    found = difference(access(*granted, row_filter("f", "a = 1")), access(*granted, row_filter("f", "b = 2")))
    assert (len(found.gained), len(found.lost)) == (1, 1)
    assert list(difference_text(found)) == [
        "Access: 1 principal gains rows of 3 columns in 1 table.",
        "  + owner/ann may read other rows of db.t, rows where b = 2; before only where a = 1",
    ]


def test_a_condition_that_is_widened_by_or_takes_nothing_away() -> None:
    granted = [table(), give(ANN, by_filter("f"))]
    narrow, wide = (access(*granted, row_filter("f", rows)) for rows in ("a = 1", "b = 2 OR (a = 1)"))
    for found, lists in ((difference(narrow, wide), (1, 0)), (difference(wide, narrow), (0, 1))):
        assert (len(found.gained), len(found.lost)) == lists


def test_a_doubt_is_told_with_its_reason() -> None:
    stored = [table(uri="s3://lake/t"), give(ANN, named())]
    place = "the files of db.t are at a place that is not registered with Lake Formation"
    reason = f"{place}, so IAM on S3 decides who reads them"
    past = "whoever has IAM rights may{} read db.t in the files by IAM alone"
    decides = "the files are at a place that is not registered with Lake Formation, so IAM on S3 decides"
    assert told([*stored, registered()], stored) == [
        f"  + {past.format('')}: {decides}",
        f"  + what owner/ann may do with db.t is not certain: {reason}",
    ]
    assert told(stored, [*stored, registered()]) == [
        f"  - {past.format(' no longer')}",
        f"  - a doubt about owner/ann on db.t is gone: {reason}",
    ]
    assert f"; not certain: {reason}" in "".join(told([], stored))


def test_the_sensitivity_of_the_worst_column_is_told() -> None:
    parts = [table(), tag("db.t.a", sensitivity="public"), tag("db.t.b", sensitivity="internal")]
    assert ", up to internal" in told(parts, [*parts, give(ANN, columns("a", "b"))])[0]


def test_principals_with_the_same_change_are_told_together() -> None:
    roles = [f"arn:aws:iam::{OWNER}:role/r{number}" for number in range(8)]
    lines = told([table()], [table(), *(give(role, named()) for role in roles)])
    assert len(lines) == 1
    assert "owner/r0, owner/r1, owner/r2, owner/r3, owner/r4 and 3 more may read 3 of 3 columns" in lines[0]


def test_a_share_is_not_told_beside_the_reader_who_has_all_of_it() -> None:
    shared = [table(), give(CONSUMER, columns("a")), accepted()]
    assert len(told([table()], [*shared, give(BOB, columns("a"), by=CONSUMER)])) == 1
    assert len(told([table()], shared)) == 1


def test_what_is_too_much_is_counted() -> None:
    every = [table(f"t{number}") for number in range(30)]
    after = [*every, *(give(ANN, named(f"t{number}")) for number in range(30))]
    lines = list(difference_text(changed(every, after), limit=5))
    assert (len(lines), lines[-1]) == (7, "  + and 25 more; --format json has all")
    assert "- and 25 more" in list(difference_markdown(changed(every, after), limit=5))


def test_the_headline_counts_and_says_when_there_is_nothing() -> None:
    assert list(difference_text(changed([table()], [table()]))) == ["Nobody gains or loses access."]
    both = [*give(ANN, named()), *give(BOB, named())]
    headline = next(difference_text(changed([table(), accepted()], [table(), accepted(), both])))
    assert headline == "Access: 2 principals gain 3 columns in 1 table."
    open_: Parts = [table(), accepted(), give(IAM_ALLOWED_PRINCIPALS, named(), "ALL")]
    left = next(difference_text(changed(open_, [*open_, both])))
    assert left == "No reader surely gains or loses access; grants on what IAM decides change."
    shared = next(difference_text(changed([table()], [table(), give(CONSUMER, named())])))
    assert shared == "No reader gains or loses access; what may be passed on changes."


def test_gaps_are_told() -> None:
    found = state(table())
    gap = Gap("grant", placement(OWNER), "AccessDenied")
    lines = list(difference_text(difference(evaluate(Observation(found, (gap,)), WORLD), evaluate(found, WORLD))))
    assert lines[-1] == f"  ! not certain: grant was not seen in owner ({OWNER}/eu-west-1): AccessDenied"


def test_names_of_others_stay_text() -> None:
    nasty = f"arn:aws:iam::{OWNER}:role/\x1b[31m@team"
    found = changed([table()], [table(), give(nasty, named())])
    assert "\x1b" not in "".join(difference_text(found))
    assert "@team" not in "".join(difference_markdown(found))


def test_readers_and_tables_are_lines_with_columns_rows_and_verdict() -> None:
    found = access(
        table(), row_filter("f", "b = 1", "a"), give(ANN, by_filter("f")), give(IAM_ALLOWED_PRINCIPALS, named(), "ALL")
    )
    lines = list(readers_text([T], found.readers(T), (), WORLD, [ANN]))
    assert lines == [
        "db.t: 2 principals have access.",
        "  everybody with IAM rights  reads everything: the table is open to IAM",
        f"  owner/ann ({ANN})  1 of 3 columns: a; rows where b = 1; DESCRIBE, SELECT; "
        "open to IAM: not held by Lake Formation",
        "  May grant themselves: owner/ann (data lake administrators)",
    ]
    assert next(reads_text(ANN, found.of(ANN), WORLD)) == f"owner/ann ({ANN}) has access to 1 table."


def test_numbered_lines_stay_numbered_in_markdown() -> None:
    assert list(as_markdown(["ann reads a, because", "  1. it was granted."])) == [
        "- ann reads a, because",
        "   1. it was granted.",
    ]
