"""A table that its writer made anew is told from one whose tags somebody took away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import pipeline
from reconciler.access.algebra.rows import ALL_ROWS
from reconciler.kinds import registry
from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.data_filter import DataFilter
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.model.address import Address
from reconciler.model.lakeformation import Grant
from reconciler.model.resource import AnyResource, Observation, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.plan.gates.remade_table import _made
from reconciler.plan.remade import remade, untagged
from reconciler.plan.review import Review
from reconciler.report.people import People
from reconciler.report.verdict import sentence, verdict
from reconciler.spec.mesh import Mesh
from tests.estate import Edit, variant

PROFILE = "domains/consumer-banking/products/credit-profile.yaml"

EXTERNAL: Edit = (PROFILE, "  - name: credit_card\n", "  - name: credit_card\n    definition: external\n")


@cache
def mesh() -> Mesh:
    return variant(EXTERNAL)


@cache
def tags() -> tuple[Address, ...]:
    """What the mesh puts on the table and on its columns."""
    every = compile_mesh(mesh(), registry()).of(TagAssignment)
    return tuple(each.address for each in every if each.spec.place.table == "credit_card")


MADE = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def dated(each: AnyResource, at: object = MADE) -> AnyResource:
    """As AWS tells it: with the time at which a table was made."""
    return replace(each, spec=replace(each.spec, rest={"CreateTime": at})) if isinstance(each.spec, Table) else each


def review(missing: frozenset[Address], head: Mesh | None = None, *, is_younger: bool = True) -> Review:
    """Nobody has changed a document; AWS has all but what is missing. `is_younger`: the tables than all runs."""
    want = compile_mesh(head or mesh(), registry())
    found = Snapshot(dated(each) for address, each in want.items() if address not in missing)
    return pipeline.review(
        head or mesh(),
        observation=Observation(found),
        base=head or mesh(),
        made_since=lambda tables: frozenset(tables if is_younger else ()),
    )


def stopped(reviewed: Review) -> bool:
    return any(finding.rule == "reopens-access" and finding.severity == "error" for finding in reviewed.findings)


def test_all_that_was_on_it_is_put_back_without_a_question_and_told() -> None:
    reviewed = review(frozenset(tags()))
    assert [str(place) for place in remade(reviewed)] == ["credit-card.credit_card"]
    assert not stopped(reviewed)
    (told,) = [finding for finding in reviewed.findings if finding.rule == "remade-table"]
    assert (told.severity, "It is read by " in told.message) == ("note", True)
    found = verdict(reviewed, People.of(reviewed))
    assert found is not None
    assert "that its writer made anew" in sentence(found)
    assert "by hand" not in sentence(found)


def test_that_all_is_missing_does_not_say_that_it_was_made_anew() -> None:
    """In an emergency somebody takes every tag off: it is told who would get them back, and asked."""
    reviewed = review(frozenset(tags()), is_younger=False)
    assert untagged(reviewed.wanted, reviewed.observation.found if reviewed.observation else Snapshot())
    assert not remade(reviewed)
    assert stopped(reviewed)
    assert not [finding for finding in reviewed.findings if finding.rule == "remade-table"]
    found = verdict(reviewed, People.of(reviewed))
    assert found is not None
    assert "that somebody revoked by hand" in sentence(found)


def test_of_a_table_whose_time_is_not_told_nothing_is_proved() -> None:
    """Nobody is asked about it, whatever he would answer."""
    want = compile_mesh(mesh(), registry())
    for at in (None, "yesterday", MADE.replace(tzinfo=None)):
        found = Observation(Snapshot(dated(each, at) for address, each in want.items() if address not in tags()))
        assert stopped(pipeline.review(mesh(), observation=found, base=mesh(), made_since=frozenset))


@settings(max_examples=15)
@given(st.sets(st.sampled_from(range(20)), min_size=1))
def test_a_part_that_is_missing_was_taken_away(numbers: set[int]) -> None:
    missing = frozenset(tags()[number] for number in numbers if number < len(tags()) - 1)
    reviewed = review(missing)
    assert not remade(reviewed)
    gained = reviewed.access is not None and any(entry.columns for entry in reviewed.access.gained)
    assert stopped(reviewed) == gained


def test_what_somebody_revoked_besides_is_not_given_back_unasked() -> None:
    """The grants of one reader are gone too: no table that is made anew takes them along."""
    want = compile_mesh(mesh(), registry())
    revoked = {each.address for each in want.of(Grant) if "data-scientist" in each.spec.principal}
    assert revoked
    reviewed = review(frozenset(tags()) | frozenset(revoked))
    assert remade(reviewed)
    assert stopped(reviewed)
    named = [each.message for each in reviewed.findings if each.rule == "reopens-access"]
    assert all("data-scientist" in each for each in named)
    found = verdict(reviewed, People.of(reviewed))
    assert found is not None
    assert {each.principal.rpartition("/")[2] for each in found.known_besides} == {"data-scientist"}
    assert found.remade_besides


def test_a_table_without_tags_is_never_made_anew() -> None:
    """Nothing would tell it from one whose only permission somebody revoked."""
    assert not remade(review(frozenset()))


def test_a_table_that_the_mesh_makes_is_never_made_anew_by_others() -> None:
    declared = variant()
    reviewed = review(frozenset(tags()), declared)
    assert not remade(reviewed)
    assert stopped(reviewed)


MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
CLEARANCE = "clearance: {sensitivity: [internal, confidential]}"
NAMED = "tables: [{name: credit_card, rows: duration > 12, columns: [status, duration]}]"


@cache
def in_rows() -> Mesh:
    """Where one reads rows of the table by name."""
    return variant(EXTERNAL, (MODEL, CLEARANCE, NAMED))


def hangs(each: AnyResource) -> bool:
    """Whether something is on the table by its name: AWS forgets it with the table."""
    match each.spec:
        case TagAssignment(place=place):
            return place.table == "credit_card"
        case DataFilter(table=name):
            return name == "credit_card"
        case Grant(target=target):
            return getattr(target, "table", "") == "credit_card"
    return False


def of_rows(left: Callable[[AnyResource], AnyResource | None]) -> Review:
    """The review where the writer has made the table anew, and this is left of what hung on it."""
    found = (each if not hangs(each) else left(each) for each in compile_mesh(in_rows(), registry()).values())
    there = Observation(Snapshot(dated(each) for each in found if each is not None))
    return pipeline.review(in_rows(), observation=there, base=in_rows(), made_since=frozenset)


def test_filters_and_permissions_that_name_the_table_are_put_back_with_its_tags() -> None:
    reviewed = of_rows(lambda _: None)
    assert remade(reviewed)
    assert reviewed.access is not None
    assert any(each.rows != ALL_ROWS for each in reviewed.access.gained)
    assert not stopped(reviewed)


def test_only_tags_say_whether_a_table_was_made_anew() -> None:
    """A filter that somebody has made since, or a permission that he has given, changes nothing."""
    for sort in (DataFilter, Grant):
        assert remade(of_rows(lambda each, sort=sort: each if isinstance(each.spec, sort) else None))
    assert not remade(of_rows(lambda each: each if isinstance(each.spec, TagAssignment) else None))


def test_rows_that_somebody_took_away_are_not_given_back_unasked() -> None:
    def fewer(each: AnyResource) -> AnyResource | None:
        if isinstance(each.spec, DataFilter):
            return replace(each, spec=replace(each.spec, rows="duration > 24"))
        return each if isinstance(each.spec, Grant) else None

    reviewed = of_rows(fewer)
    assert remade(reviewed)
    assert stopped(reviewed)


@pytest.mark.parametrize(
    ("by", "at", "words"),
    [
        (None, None, ""),
        ("etl", None, " by etl"),
        (None, datetime(2026, 11, 22, 9, 30, tzinfo=UTC), " at 2026-11-22 09:30 UTC"),
        ("etl", datetime(2026, 11, 22, 9, 30, tzinfo=UTC), " by etl at 2026-11-22 09:30 UTC"),
        ("etl", "yesterday", " by etl"),
    ],
)
def test_who_made_it_and_when_is_told_where_aws_tells_it(by: str | None, at: object, words: str) -> None:
    (want,) = (each for each in compile_mesh(mesh(), registry()).of(Table) if each.spec.table == "credit_card")
    assert _made(replace(want, spec=replace(want.spec, rest={"CreatedBy": by, "CreateTime": at}))) == words
