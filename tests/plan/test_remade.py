"""A table that its writer made anew is told from one whose tags somebody took away."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.model.address import Address
from reconciler.model.lakeformation import Grant
from reconciler.model.resource import Observation, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.plan.remade import remade
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


def review(missing: frozenset[Address], head: Mesh | None = None) -> Review:
    """Nobody has changed a document; AWS has all but what is missing."""
    want = compile_mesh(head or mesh(), registry())
    found = Snapshot(each for address, each in want.items() if address not in missing)
    return pipeline.review(head or mesh(), observation=Observation(found), base=head or mesh())


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
