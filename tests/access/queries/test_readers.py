"""Who reads some columns, asked quickly, is whoever does so of all who have anything on the table."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.access import evaluate
from reconciler.access.algebra.column_rows import mask
from reconciler.access.evaluation.enforcement import is_open
from reconciler.access.queries.readers import readers_of, tagged_columns
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.model.resource import AnyResource, Snapshot
from tests.access.building import (
    ANN,
    BOB,
    CONSUMER,
    ORGANIZATION,
    WORLD,
    T,
    accepted,
    access,
    columns,
    give,
    named,
    table,
)
from tests.access.strategies import a_state


@settings(max_examples=40)
@given(a_state, st.integers(1, 15))
def test_readers_of_columns_are_among_all_readers_and_nobody_is_left_out(found: Snapshot, chosen: int) -> None:
    state = evaluate(found, WORLD)
    for place, view in state.tables.items():
        mine = chosen & view.signature.all
        told = {each.principal for each in readers_of(state, place, mine)}
        every = {each.principal: each for each in state.readers(place)}
        possible = {
            name: mask(each.beyond[1] if each.beyond else each.column_rows) & mine for name, each in every.items()
        }
        reading = {name for name, each in every.items() if possible[name] or each.raw_read}
        assert reading <= told
        assert told - reading <= {name for name, each in every.items() if each.verdict != "enforced"}
        assert IAM_ALLOWED_PRINCIPALS in told or not is_open(state.state, view)


def readers(columns: int, *parts: AnyResource | list[AnyResource]) -> list[str]:
    return [each.principal for each in readers_of(access(table(), *parts), T, columns)]


def test_whoever_writes_reads_every_column_in_the_files() -> None:
    assert readers(0b1, give(ANN, named(), "INSERT"), give(BOB, named(), "DELETE")) == [ANN, BOB]
    shared = [accepted(), *give(CONSUMER, named(), "INSERT"), *give(BOB, named(), "INSERT", by=CONSUMER)]
    assert readers(0b10, shared) == [BOB]
    assert readers(0b1, give(ANN, named(), "ALTER")) == []
    assert readers(0b1, give(CONSUMER, named()), give(ORGANIZATION, named())) == []


def test_of_what_was_received_only_what_was_passed_on_is_read() -> None:
    parts = [accepted(), *give(CONSUMER, columns("a")), *give(BOB, columns("b"), by=CONSUMER)]
    assert readers(0b11, parts) == readers(0b01, parts) == readers(0b10, parts) == []
    both = [accepted(), *give(CONSUMER, columns("a", "c")), *give(BOB, columns("b", "c"), by=CONSUMER)]
    assert readers(0b11, both) == []
    assert readers(0b100, both) == readers(0b111, both) == [BOB]


@settings(max_examples=30)
@given(a_state, st.sampled_from(["level=low", "team=x", "sensitivity=public"]))
def test_columns_with_a_tag_are_those_whose_tags_have_it(found: Snapshot, word: str) -> None:
    state, (key, _, value) = evaluate(found, WORLD), word.partition("=")
    told = tagged_columns(state, key.upper(), value)
    for place, view in state.tables.items():
        carried = [number for number, each in enumerate(view.signature.values(key)) if each == value]
        assert told.get(place, 0) == sum(1 << number for number in carried)
        assert (place in told) == bool(carried)
