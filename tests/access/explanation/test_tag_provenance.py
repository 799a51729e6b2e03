"""Where a tag comes from: the lowest place that says the key, which is the one that counts."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from reconciler.access import evaluate
from reconciler.access.explanation.tag_provenance import Tagged, tagged
from reconciler.kinds import addresses
from reconciler.model.origin import Origin
from reconciler.model.resource import Snapshot
from tests.access.building import WORLD
from tests.access.naive import Naive
from tests.access.strategies import a_state


@settings(max_examples=20, deadline=None)
@given(a_state)
def test_a_tag_is_told_with_the_place_that_says_it(found: Snapshot) -> None:
    access, naive = evaluate(found, WORLD), Naive(found, sure=True)
    every = [each.spec for each in naive.of(addresses.TAG_ASSIGNMENT)]
    for place, view in access.tables.items():
        for name in view.columns:
            for key in ("level", "team", "sensitivity"):
                levels = (("db", place.table, name), ("db", place.table), ("db",))
                saying = {tuple(part for part in each.place if part): each.value for each in every if each.key == key}
                lowest = next((level for level in levels if level in saying), None)
                told = tagged(access, view, name, key)
                if lowest is None or told is None:
                    assert lowest is told is None
                    continue
                assert (told.key, told.value, told.inherited) == (key, saying[lowest], lowest != levels[0])
                whence = {
                    3: "is its own",
                    2: f"is inherited from table {place.table}",
                    1: "is inherited from database db",
                }
                assert told.text() == f"the tag {key}={told.value} {whence[len(lowest)]}"


def test_the_line_is_told_but_that_of_a_column_alone_only_where_it_is_asked_for() -> None:
    of_table = Tagged("level", "low", "table t", inherited=True, origin=Origin("mesh/x.yaml", 3, 5))
    own = replace(of_table, inherited=False)
    line = f" ({of_table.origin})"
    assert of_table.text() == of_table.text(lines=False) == f"the tag level=low is inherited from table t{line}"
    assert own.text() == f"the tag level=low is its own{line}"
    assert own.text(lines=False) == replace(own, origin=None).text() == "the tag level=low is its own"
    assert replace(of_table, origin=None).text() == "the tag level=low is inherited from table t"
