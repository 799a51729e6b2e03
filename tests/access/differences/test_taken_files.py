"""A table that comes to another one's files shows its values: told with whose they are, where the label was higher."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.access import AccessDifference, difference
from reconciler.kinds.glue.column import Column
from reconciler.kinds.glue.storage_descriptor import Storage
from reconciler.model.resource import AnyResource
from reconciler.report.access_lines import gained
from tests.access.building import ANN, Parts, access, give, named, table, tag
from tests.access.building import columns as columns_of_t

LAZY = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
PARQUET = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"


def stored(name: str, uri: str, names: str = "a b", serializer: str = LAZY) -> AnyResource:
    made = table(name, columns=names, uri=uri)
    return replace(made, spec=replace(made.spec, storage=Storage(uri, "", "", serializer)))


def labels(name: str, **of: str) -> list[AnyResource]:
    return [each for column, value in of.items() for each in tag(f"db.{name}.{column}", sensitivity=value)]


SECRET: Parts = [stored("s", "s3://b/s/"), labels("s", a="restricted", b="internal")]
OPEN: Parts = [labels("t", a="internal", b="internal", c="internal"), give(ANN, named("t"))]


def told(before: Parts, after: Parts) -> dict[str, tuple[str, str | None]]:
    """By column of `t`: whose values ANN would read under its name, and how sensitive they were."""
    found: AccessDifference = difference(access(*before), access(*after))
    return {
        name: (whose, dict(entry.sensitivity).get(name))
        for entry in found.gained
        if entry.principal == ANN
        for name, whose in entry.values_of
    }


@pytest.mark.parametrize("files", ["s3://b/s/", "s3://b/s", "s3://b/", "s3://b/s/year=2026/"])
@pytest.mark.parametrize("stays", [True, False])
def test_a_new_table_over_the_files_of_another_shows_its_values(files: str, stays: bool) -> None:
    after = [*(SECRET if stays else ()), stored("t", files), *OPEN]
    assert told(SECRET, after) == {"a": ("db.s.a", "restricted")}


def test_a_table_that_is_turned_to_the_files_of_another_shows_its_values() -> None:
    assert told([*SECRET, stored("t", "s3://b/t/"), *OPEN], [stored("t", "s3://b/s/"), *OPEN]) == {
        "a": ("db.s.a", "restricted")
    }


def test_two_tables_that_change_places_show_each_others_values() -> None:
    before = [*SECRET, stored("t", "s3://b/t/"), *OPEN]
    after = [stored("s", "s3://b/t/"), *SECRET[1:], stored("t", "s3://b/s/"), *OPEN]
    assert told(before, after) == {"a": ("db.s.a", "restricted")}


def test_by_place_the_name_does_not_matter_and_by_name_it_does() -> None:
    assert told(SECRET, [stored("t", "s3://b/s/", "c b"), *OPEN]) == {"c": ("db.s.a", "restricted")}
    named_so: Parts = [stored("s", "s3://b/s/", serializer=PARQUET), labels("s", a="restricted", b="internal")]
    assert told(named_so, [stored("t", "s3://b/s/", "c b", PARQUET), *OPEN]) == {}
    assert told(named_so, [stored("t", "s3://b/s/", "b a", PARQUET), *OPEN]) == {"a": ("db.s.a", "restricted")}


def test_files_that_are_read_otherwise_may_show_the_worst_in_any_column() -> None:
    named_so: Parts = [stored("s", "s3://b/s/", serializer=PARQUET), labels("s", a="restricted", b="internal")]
    assert told(named_so, [stored("t", "s3://b/s/", "x y"), *OPEN, labels("t", x="internal", y="internal")]) == {
        "x": ("db.s.a", "restricted"),
        "y": ("db.s.a", "restricted"),
    }


def test_a_rename_that_keeps_the_labels_and_a_neighbour_are_nothing() -> None:
    renamed = [stored("t", "s3://b/s/"), labels("t", a="restricted", b="internal"), give(ANN, named("t"))]
    assert told(SECRET, renamed) == {}
    assert told(SECRET, [*SECRET, stored("t", "s3://b/secret/"), *OPEN]) == {}
    assert told([*SECRET, stored("t", "s3://b/s/"), *OPEN], [stored("t", "s3://b/s/"), *OPEN]) == {}


def test_a_partition_key_shows_that_of_the_other_table_and_counts_where_somebody_classified_it() -> None:
    keyed = [
        replace(each, spec=replace(each.spec, partition_keys=(Column("day", "string"),)))
        for each in (stored("s", "s3://b/s/"), stored("t", "s3://b/s/"))
    ]
    for label, found in (
        ("restricted", {"day": ("db.s.day", "restricted")}),
        ("public", {"day": ("db.s.day", "public")}),
    ):
        secret: Parts = [keyed[0], labels("s", a="internal", b="internal", day=label)]
        assert told(secret, [keyed[1], *OPEN]) == found
    secret = [keyed[0], labels("s", a="internal", b="internal")]
    assert told(secret, [keyed[1], *OPEN]) == {}
    assert told([*secret, labels("s", day="public")], [keyed[1], *OPEN, labels("t", day="public")]) == {}


def test_values_that_nobody_classified_are_the_worst() -> None:
    bare: Parts = [stored("s", "s3://b/s/")]
    assert told(bare, [stored("t", "s3://b/s/"), *OPEN]) == {"a": ("db.s.a", None), "b": ("db.s.b", None)}


def test_a_column_that_shows_nothing_worse_keeps_its_own_label() -> None:
    found = difference(access(*SECRET), access(stored("t", "s3://b/s/"), *OPEN))
    mine = {each.columns: each for each in found.gained if each.principal == ANN}
    assert {name: (each.sensitivity, each.rank) for name, each in mine.items()} == {
        ("a",): ((("a", "restricted"),), 3),
        ("b",): ((("b", "internal"),), 2),
    }


def test_beside_taken_values_a_column_that_was_not_read_before_is_told() -> None:
    labelled = OPEN[0]
    before = [*SECRET, stored("t", "s3://b/t/"), labelled, give(ANN, columns_of_t("a"))]
    after = [*SECRET, stored("t", "s3://b/s/"), labelled, give(ANN, columns_of_t("a", "b"))]
    found = difference(access(*before), access(*after)).gained
    assert {(each.columns, bool(each.values_of)) for each in found if each.change == "columns"} == {
        (("a",), True),
        (("b",), False),
    }


def test_it_is_told_in_words() -> None:
    found = difference(access(*SECRET), access(stored("t", "s3://b/s/"), *OPEN))
    assert "ann would read the values of db.s.a, restricted, under the name a in db.t" in "\n".join(gained(found))
