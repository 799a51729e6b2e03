"""Compatibility: AWS's page on schema updates, Iceberg's rules, and types that are the same in another spelling."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.kinds.glue.column import Column
from reconciler.kinds.glue.column_identity import sources
from reconciler.kinds.glue.compatibility import Judgement, judgements
from reconciler.kinds.glue.storage_descriptor import Storage
from reconciler.kinds.glue.table import Table

SERIALIZERS = {
    "csv": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
    "opencsv": "org.apache.hadoop.hive.serde2.OpenCSVSerde",
    "parquet": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    "parquet by place": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    "orc": "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
    "orc by name": "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
    "json": "org.openx.data.jsonserde.JsonSerDe",
    "hive json": "org.apache.hive.hcatalog.data.JsonSerDe",
    "avro": "org.apache.hadoop.hive.serde2.avro.AvroSerDe",
    "iceberg": "",
    "something else": "com.example.StrangeSerDe",
}
SETTINGS = {
    "parquet by place": (("parquet.column.index.access", "true"),),
    "orc by name": (("orc.column.index.access", "false"),),
}
BY_PLACE = ("csv", "opencsv", "parquet by place", "orc")
BY_NAME = ("parquet", "orc by name", "json", "hive json", "avro")


def made(kind: str, *columns: str, keys: str = "", settings: tuple[tuple[str, str], ...] | None = None) -> Table:
    """A table of a format; columns as `name` (text) or `name:type`."""
    storage = Storage("s3://b/t/", "", "", SERIALIZERS[kind], SETTINGS.get(kind, ()) if settings is None else settings)
    parameters = (("table_type", "ICEBERG"),) if kind == "iceberg" else ()
    return Table("db", "t", "", _columns(columns), _columns(keys.split()), storage, parameters)


def _columns(texts: tuple[str, ...] | list[str]) -> tuple[Column, ...]:
    pairs = (text.partition(":") for text in texts)
    return tuple(Column(name, kind or "string") for name, _, kind in pairs)


def said(old: Table, new: Table) -> list[tuple[str, str]]:
    return [(each.sort, each.column) for each in judgements(old, new)]


def breaking(old: Table, new: Table) -> set[tuple[str, str]]:
    return {(each.sort, each.column) for each in judgements(old, new) if each.breaks}


#: The page's table: what may be done so that queries still give the right values.
PAGE = [
    ("renamed", ("a", "x", "c"), {"csv", "opencsv", "parquet by place", "orc"}),
    ("put in at the beginning", ("x", "a", "b", "c"), set(BY_NAME)),
    ("put in in the middle", ("a", "x", "b", "c"), set(BY_NAME)),
    ("put in at the end", ("a", "b", "c", "x"), {*BY_PLACE, *BY_NAME}),
    ("reordered", ("c", "b", "a"), set(BY_NAME)),
]


@pytest.mark.parametrize("kind", [*BY_PLACE, *BY_NAME])
@pytest.mark.parametrize(("what", "columns", "free"), PAGE, ids=[row[0] for row in PAGE])
def test_the_pages_table_of_updates_by_format(kind: str, what: str, columns: tuple[str, ...], free: set[str]) -> None:
    assert (not breaking(made(kind, "a", "b", "c"), made(kind, *columns))) == (kind in free)


@pytest.mark.parametrize("kind", BY_PLACE)
def test_a_column_removed_from_the_middle_leaves_its_values_to_the_next(kind: str) -> None:
    assert said(made(kind, "a", "b", "c"), made(kind, "a", "c")) == [("gone", "b"), ("shifted", "c")]


@pytest.mark.parametrize("kind", BY_NAME)
def test_a_column_removed_by_name_breaks_only_those_who_read_it(kind: str) -> None:
    (found,) = judgements(made(kind, "a", "b", "c"), made(kind, "a", "c"))
    assert found == Judgement("gone", "b", "string")
    assert found.breaks == {"readers"}


def test_a_swap_names_both_columns() -> None:
    found = [(each.column, each.old) for each in judgements(made("csv", "a", "b"), made("csv", "b", "a"))]
    assert found == [("b", "a"), ("a", "b")]


def test_where_the_way_is_unknown_what_either_moves_counts_as_moved() -> None:
    assert ("shifted", "b") in breaking(made("something else", "a", "b"), made("something else", "b", "a"))
    assert not breaking(made("something else", "a", "b"), made("something else", "a", "b", "c"))


def test_the_setting_in_another_place_than_the_documented_one_may_or_may_not_be_heeded() -> None:
    odd = replace(made("parquet", "a", "b"), parameters=(("parquet.column.index.access", "true"),))
    assert breaking(odd, replace(odd, columns=_columns(["b", "a"])))


def test_the_key_in_the_file_that_a_json_table_names_is_what_a_column_is() -> None:
    old, new = (made("json", "a", "b", settings=(("mapping.a", key),)) for key in ("x", "b"))
    assert ("shifted", "a") in breaking(old, new)
    renamed = made("json", "z", "b", settings=(("mapping.z", "x"),))
    assert said(old, renamed) == [("renamed", "z")]


def test_field_ids_of_iceberg_go_before_names() -> None:
    def with_ids(table: Table, *ids: str) -> Table:
        rows = [
            {"Name": c.name, "Parameters": {"iceberg.field.id": i}} for c, i in zip(table.columns, ids, strict=True)
        ]
        return replace(table, rest={"StorageDescriptor": {"Columns": rows}})

    old = with_ids(made("iceberg", "a", "b"), "1", "2")
    assert said(old, with_ids(made("iceberg", "b", "x"), "2", "1")) == [("renamed", "x")]
    assert ("shifted", "a") in breaking(old, with_ids(made("iceberg", "b", "a"), "1", "2"))
    assert not said(made("iceberg", "a", "b"), made("iceberg", "b", "a"))


def test_another_format_or_another_cut_of_lines_breaks_all_of_a_table() -> None:
    assert breaking(made("csv", "a"), made("parquet", "a")) == {("format", "")}
    assert breaking(made("csv", "a"), made("opencsv", "a")) == {("recut", "")}
    semicolons = made("csv", "a", settings=(("field.delim", ";"),))
    assert breaking(made("csv", "a", settings=(("field.delim", ","),)), semicolons) == {("recut", "")}
    assert breaking(made("orc", "a", "b"), made("orc by name", "a", "b")) == {("recut", "")}


def test_what_a_serializer_that_we_do_not_know_is_told_may_decide_which_value_is_which() -> None:
    old, new = (made("something else", "a", settings=(("input.format", pattern),)) for pattern in ("%{A:a}", "%{B:a}"))
    assert ("recut", "") in breaking(old, new)
    plain, aliased = (
        made("avro", "a", settings=(("avro.schema.literal", text),)) for text in ('{"name": "a"}', '{"aliases": ["b"]}')
    )
    assert breaking(plain, aliased) == {("recut", "")}


def test_partition_keys_stay() -> None:
    old = made("parquet", "a", keys="day")
    for keys in ("", "date", "day:int", "day hour", "hour day"):
        assert {sort for sort, _ in breaking(old, made("parquet", "a", keys=keys))} == {"partition"}
    assert not said(old, made("parquet", "a", keys="day:STRING"))


SAME = [
    ("decimal", "DECIMAL(10, 0)"),
    ("int", "Integer"),
    ("struct<a:int>", "STRUCT< A : INT >"),
    ("Array<int>", "array<int>"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
@pytest.mark.parametrize("kind", [*BY_PLACE, *BY_NAME, "iceberg"])
def test_another_spelling_is_no_change(kind: str, one: str, other: str) -> None:
    assert not said(made(kind, f"a:{one}"), made(kind, f"a:{other}"))


TYPES = [
    # old, new, formats in which nothing breaks
    ("int", "bigint", {"csv", "json", "avro", "iceberg"}),
    ("float", "double", {"csv", "json", "avro", "iceberg"}),
    ("decimal(10,2)", "decimal(12,2)", {"csv", "json", "avro", "iceberg"}),
    ("decimal(10,2)", "decimal(12,3)", {"csv", "json", "avro"}),
    ("decimal(10,2)", "decimal(10,3)", set()),
    ("int", "string", {"csv", "json", "avro"}),
    ("varchar(3)", "string", {"csv", "json", "avro", "iceberg", "parquet", "orc"}),
    ("bigint", "int", set()),
    ("string", "int", set()),
    ("date", "timestamp", set()),
    ("int", "array<int>", set()),
    ("array<int>", "array<bigint>", {"csv", "json", "avro", "iceberg"}),
    ("array<int>", "array<string>", {"csv", "json", "avro"}),
    ("map<int,int>", "map<bigint,int>", set()),
    ("map<string,int>", "map<string,bigint>", {"csv", "json", "avro", "iceberg"}),
    ("struct<a:int>", "struct<a:int,b:int>", {"csv", "json", "avro", "iceberg", "parquet", "orc"}),
    ("struct<a:int>", "struct<b:int,a:int>", {"json", "avro", "iceberg", "parquet"}),
    ("struct<a:int,b:int>", "struct<b:int,a:int>", {"json", "avro", "iceberg", "parquet"}),
    ("struct<a:int,b:int>", "struct<a:int>", set()),
    (
        "array<struct<p:map<string,struct<q:int>>>>",
        "array<struct<p:map<string,struct<q:string>>>>",
        {"csv", "json", "avro"},
    ),
]


@pytest.mark.parametrize("kind", ["csv", "orc", "parquet", "json", "avro", "iceberg"])
@pytest.mark.parametrize(("old", "new", "free"), TYPES)
def test_which_types_may_be_read_as_which(kind: str, old: str, new: str, free: set[str]) -> None:
    assert (not breaking(made(kind, f"a:{old}"), made(kind, f"a:{new}"))) == (kind in free)


def test_athena_casts_integers_of_parquet_and_orc_in_partitions_only() -> None:
    for kind in ("parquet", "orc"):
        assert not breaking(made(kind, "a:int", keys="day"), made(kind, "a:bigint", keys="day"))
        assert breaking(made(kind, "a:int", keys="day"), made(kind, "a:string", keys="day"))


def test_a_change_inside_of_a_type_is_told_by_its_path() -> None:
    found = said(made("json", "a:array<struct<b:int,c:int>>"), made("json", "a:array<struct<b:string>>"))
    assert set(found) == {("gone", "a.element.c"), ("widened", "a.element.b")}


@pytest.mark.parametrize("kind", [*BY_PLACE, *BY_NAME, "iceberg", "something else"])
def test_a_table_is_itself(kind: str) -> None:
    table = made(kind, "a", "b", keys="day")
    assert not said(table, table)
    assert sources(table.layout, table.layout) == ((0, 1, 2),)
