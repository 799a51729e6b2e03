"""What a review says of who gains and who loses."""

from __future__ import annotations

from reconciler.model.resource import Snapshot
from reconciler.plan.review import Review
from tests.estate import bank, variant
from tests.plan.test_gates import FUNDS, MODEL, review, wanted


def test_what_is_lost_is_told_in_the_words_of_the_mesh_before() -> None:
    """A product that goes is still one there."""
    made = review(variant(without=[FUNDS]), base=bank())
    assert {each.fact.product for each in made.lost_facts() if each.fact.database == "fund-prices"} == {"fund-prices"}
    assert "asset-management" in {each.fact.domain for each in made.lost_facts()}


def test_what_is_gained_and_lost_is_the_plans() -> None:
    given, taken = review(bank(), wanted(variant(without=[MODEL]))), review(variant(without=[MODEL]))
    assert [*given.gained_facts()]
    assert not [*given.lost_facts()]
    assert [*taken.lost_facts()]
    assert not [*taken.gained_facts()]


def test_without_a_plan_nobody_gains_or_loses() -> None:
    bare = Review(bank(), Snapshot())
    assert ([*bare.steps], [*bare.gained_facts()], [*bare.lost_facts()]) == ([], [], [])
