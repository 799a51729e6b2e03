"""Values that stand under another name: told by whose values they are, where a column is its place; free by name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.access import AccessDifference, AccessEntry, difference, gained_facts
from reconciler.access.algebra.rows import text
from reconciler.kinds.glue.storage_descriptor import Storage
from reconciler.model.resource import AnyResource
from reconciler.report.access_lines import gained as lines_of
from tests.access.building import (
    ANN,
    BOB,
    T,
    accepted,
    access,
    by_filter,
    columns,
    give,
    named,
    registered,
    row_filter,
    table,
    tag,
)
from tests.estate import bank

LAZY = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
ORC = "org.apache.hadoop.hive.ql.io.orc.OrcSerde"
PARQUET = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
STRANGE = "com.example.StrangeSerDe"


def stored(names: str, serializer: str = LAZY, **settings: str) -> AnyResource:
    """The table `t` with these columns over files of a format."""
    made = table(columns=names, uri="s3://b/t/")
    parameters = tuple(sorted((key.replace("_", "."), value) for key, value in settings.items()))
    return replace(made, spec=replace(made.spec, storage=Storage("s3://b/t/", "", "", serializer, parameters)))


def changed(before: AnyResource, after: AnyResource, *both: AnyResource | list[AnyResource]) -> AccessDifference:
    return difference(access(before, *both), access(after, *both))


def values(entries: tuple[AccessEntry, ...]) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    return [(entry.principal, entry.values_of) for entry in entries if entry.values_of]


@pytest.mark.parametrize("serializer", [LAZY, ORC])
def test_swapped_columns_give_each_reader_the_values_of_the_other(serializer: str) -> None:
    grants = [give(ANN, columns("b")), give(BOB, columns("a")), accepted()]
    labels = [tag("db.t.b", sensitivity="restricted"), tag("db.t.a", sensitivity="internal")]
    found = changed(stored("a b c", serializer), stored("b a c", serializer), *grants, *labels)
    assert values(found.gained) == [(BOB, (("a", "b"),)), (ANN, (("b", "a"),))]
    assert values(found.lost) == [(ANN, (("b", "a"),)), (BOB, (("a", "b"),))]
    worst = found.gained[0]
    assert (worst.columns, worst.sensitivity, worst.rank) == (("a",), (("a", "restricted"),), 3)
    assert [dict(entry.sensitivity) for entry in found.lost] == [{"b": "restricted"}, {"a": "internal"}]
    assert "consumer/bob would read the values of b, restricted, under the name a" in next(lines_of(found))


@pytest.mark.parametrize("serializer", [PARQUET, "org.openx.data.jsonserde.JsonSerDe"])
def test_where_names_decide_an_order_is_nothing(serializer: str) -> None:
    assert changed(stored("a b c", serializer), stored("x c b a", serializer), give(ANN, columns("b"))).is_empty


def test_a_column_at_the_end_moves_nothing() -> None:
    assert changed(stored("a b"), stored("a b c"), give(ANN, columns("b"))).is_empty


def test_a_column_put_in_before_others_and_one_taken_out_of_the_middle_move_all_behind_it() -> None:
    put_in = changed(stored("a b c"), stored("a x b c"), give(ANN, columns("b", "c")))
    assert values(put_in.gained) == []
    assert values(put_in.lost) == [(ANN, (("b", "x"),))]
    first = changed(stored("a b c"), stored("x a b c"), give(ANN, columns("b")))
    assert values(first.gained) == [(ANN, (("b", "c"),))]
    taken_out = changed(stored("a b c"), stored("a c"), give(ANN, columns("c")))
    assert values(taken_out.gained) == [(ANN, (("c", "b"),))]


def test_another_name_for_the_same_values_is_neither_gained_nor_lost() -> None:
    grant = [give(ANN, named())]
    assert changed(stored("a b c"), stored("a x c"), *grant).is_empty


def test_another_name_with_a_lower_label_opens_the_values() -> None:
    labels = [tag("db.t.b", sensitivity="restricted")]
    found = changed(stored("a b c"), stored("a x c"), give(ANN, columns("x")), *labels)
    (entry,) = found.gained
    assert (entry.values_of, entry.sensitivity) == ((("x", "b"),), (("x", "restricted"),))


def test_a_row_filter_on_a_column_that_shows_other_values_shows_other_rows() -> None:
    grants = [row_filter("f", "b = 'de'", "c"), give(ANN, by_filter("f"))]
    (entry,) = changed(stored("a b c"), stored("b a c"), *grants).gained
    assert (entry.change, entry.columns) == ("rows", ("c",))
    assert (text(entry.rows), text(entry.rows_before or entry.rows)) == ("b = 'de'", "a = 'de'")
    assert changed(stored("a b c", PARQUET), stored("b a c", PARQUET), *grants).is_empty


def test_a_condition_on_a_column_that_was_not_there_shows_other_rows_when_it_is() -> None:
    grants = [row_filter("f", "lower(x) = 'q'", "a"), give(ANN, by_filter("f"))]
    (entry,) = changed(stored("a b"), stored("a x"), *grants).gained
    assert (entry.change, entry.columns) == ("rows", ("a",))


def test_a_filter_that_follows_the_values_shows_the_same_rows() -> None:
    before = access(stored("a b c"), row_filter("f", "b = 'b'", "c"), give(ANN, by_filter("f")))
    after = access(stored("b a c"), row_filter("f", "a = 'b'", "c"), give(ANN, by_filter("f")))
    assert difference(before, after).is_empty


def test_lines_that_are_cut_otherwise_are_a_doubt_about_every_column() -> None:
    comma, semicolon = stored("a b", field_delim=","), stored("a b", field_delim=";")
    (entry,) = changed(comma, semicolon, give(ANN, columns("a"))).gained
    assert (entry.change, entry.principal, entry.place) == ("unknown", ANN, T)
    assert "may show the values of any other" in entry.reasons[0]


def test_whoever_reads_nothing_is_in_no_doubt_about_values() -> None:
    comma, semicolon = stored("a b", field_delim=","), stored("a b", field_delim=";")
    assert changed(comma, semicolon, give(ANN, named(), "ALTER")).is_empty


def test_of_values_under_other_names_every_fact_names_whose_they_are() -> None:
    grants = [give(ANN, columns("a", "b")), tag("db.t.a", sensitivity="internal"), tag("db.t.c", sensitivity="public")]
    found = changed(stored("a b c"), stored("a c b"), *grants)
    told = [*gained_facts(found, bank(), shifted=True)]
    assert told == [each for each in gained_facts(found, bank()) if each.values_of]
    assert [(each.gained, each.fact.column, each.values_of, each.fact.sensitivity) for each in told] == [
        (True, "b", "c", "public")
    ]


def test_where_the_format_is_unknown_both_ways_are_told_and_the_doubt() -> None:
    found = changed(stored("a b", STRANGE), stored("b a", STRANGE), give(ANN, columns("a")))
    assert values(found.gained) == [(ANN, (("a", "b"),))]
    assert "may show the values of any other" in found.gained[0].reasons[0]


LABELS = {"a": "public", "b": "restricted", "c": "internal"}
RANKS = {"public": 1, "internal": 2, "restricted": 3, None: 4}
some_names = st.lists(st.sampled_from("abcx"), min_size=1, unique=True)


@settings(max_examples=80, deadline=None)
@given(some_names, some_names, st.sets(st.sampled_from("abcx"), min_size=1), st.sampled_from([LAZY, PARQUET, STRANGE]))
def test_values_are_told_by_where_they_stand(old: list[str], new: list[str], read: set[str], how: str) -> None:
    """Value by value: in lines of text a value is its place, in Parquet its name, and elsewhere it may be either."""
    labels = [each for name, value in LABELS.items() for each in tag(f"db.t.{name}", sensitivity=value)]
    always = [registered("arn:aws:s3:::b"), *give(ANN, columns(*sorted(read))), *labels]
    found = changed(stored(" ".join(old), how), stored(" ".join(new), how), *always)
    for entries, here, there, later in ((found.gained, new, old, True), (found.lost, old, new, False)):
        by_place, by_name = dict(zip(here, there, strict=False)), {name: name for name in here if name in there}
        ways = [by_place] if how == LAZY else [by_name] if how == PARQUET else [by_place, by_name]
        fresh = {name for name in here for whose in ways if name in read and whose.get(name) not in read}
        is_open = how == STRANGE and by_place != by_name
        assert sorted(name for each in entries for name in each.columns) == sorted(fresh)
        assert bool(entries) == bool(fresh or (is_open and read & {*here}))
        whose = ways[0]
        for each in entries:
            assert (bool(each.reasons), each.readable) == (is_open, len(read & {*here}))
            assert each.change == ("columns" if fresh else "unknown")
            moved = {name: whose[name] for name in each.columns if whose.get(name, name) != name}
            assert dict(each.values_of) == moved
            assert not moved or moved.keys() == {*each.columns}, "what shows values of another name is told apart"
            said = {name: LABELS.get(moved.get(name, name) if later else name) for name in each.columns}
            assert dict(each.sensitivity) == {name: value for name, value in said.items() if value}
            assert each.rank == max((RANKS[value] for value in said.values()), default=0)
