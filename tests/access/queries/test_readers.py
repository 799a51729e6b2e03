"""Who reads some columns, asked quickly, is whoever does so of all who have anything on the table."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.access import evaluate
from reconciler.access.algebra.column_rows import mask
from reconciler.access.evaluation.enforcement import is_open
from reconciler.access.queries.readers import readers_of, tagged_columns
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.model.resource import Snapshot
from tests.access.building import WORLD
from tests.access.strategies import a_state


@settings(max_examples=40)
@given(a_state, st.integers(1, 15))
def test_readers_of_columns_are_among_all_readers_and_nobody_is_left_out(found: Snapshot, chosen: int) -> None:
    access = evaluate(found, WORLD)
    for place, view in access.tables.items():
        columns = chosen & view.signature.all
        told = {each.principal for each in readers_of(access, place, columns)}
        every = {each.principal: each for each in access.readers(place)}
        possible = {
            name: mask(each.beyond[1] if each.beyond else each.column_rows) & columns for name, each in every.items()
        }
        reading = {name for name, each in every.items() if possible[name] or each.raw_read}
        assert reading <= told
        assert told - reading <= {name for name, each in every.items() if each.verdict != "enforced"}
        assert IAM_ALLOWED_PRINCIPALS in told or not is_open(access.state, view)


@settings(max_examples=30)
@given(a_state, st.sampled_from(["level=low", "team=x", "sensitivity=public"]))
def test_columns_with_a_tag_are_those_whose_tags_have_it(found: Snapshot, word: str) -> None:
    access, (key, _, value) = evaluate(found, WORLD), word.partition("=")
    told = tagged_columns(access, key.upper(), value)
    for place, view in access.tables.items():
        carried = [number for number, each in enumerate(view.signature.values(key)) if each == value]
        assert told.get(place, 0) == sum(1 << number for number in carried)
        assert (place in told) == bool(carried)
