"""How files are read: any setting that is not known to decide nothing counts, wherever it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds import registry
from reconciler.kinds.glue.compatibility import judgements
from reconciler.kinds.glue.table import Table
from reconciler.model.resource import Resource
from reconciler.spec.table_settings import decides, free
from tests.kinds.glue.test_compatibility import SERIALIZERS, made
from tests.kinds.glue.test_formats import ADDRESS

PROVIDER = "spark.sql.sources.provider"
HEEDED = [
    *("mapping.a", "mapping.b", "columns", "columns.types", "field.delim", "serialization.lib", "avro.schema.url"),
    *(PROVIDER, "storage.location.template", "path", "location", "dots.in.keys"),
    *("serialization.last.column.takes.rest", "collection.delim", "escape.delim", "line.delim", "separatorChar"),
    *("quoteChar", "escapeChar", "input.regex", "parquet.column.index.access", "orc.column.index.access"),
    *("case.insensitive", "colelction.delim", "mapkey.delim", "serialization.format"),
]
WHERE = ("serializer", "table")
FILES = sorted({*SERIALIZERS} - {"iceberg"})
TEXTS = st.text(min_size=1, max_size=8)


def with_setting(table: Table, where: str, key: str, value: str) -> Table:
    """A table with one more setting, of its serializer or its own."""
    if where == "table":
        return replace(table, parameters=(*table.parameters, (key, value)))
    return replace(table, storage=replace(table.storage, parameters=(*table.storage.parameters, (key, value))))


def is_told(old: Table, new: Table) -> bool:
    return any(each.sort in ("recut", "format", "shifted") for each in judgements(old, new))


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("key", HEEDED)
@pytest.mark.parametrize("kind", FILES)
def test_what_engines_are_known_to_heed_is_told_wherever_it_stands(kind: str, key: str, where: str) -> None:
    """Some value of each: `true` may be what holds anyway."""
    plain = made(kind, "a", "b", "c")
    of_text = kind in ("csv", "something else")
    if key == "serialization.format" and where == "serializer" and not of_text:
        assert not is_told(plain, with_setting(plain, where, key, "x"))
        return
    if key in dict(plain.storage.parameters):
        plain = made(kind, "a", "b", "c", settings=())
    assert any(is_told(plain, with_setting(plain, where, key, value)) for value in ("x", "a", "true", "false"))


@given(st.sampled_from(FILES), st.sampled_from(WHERE), TEXTS.filter(decides), TEXTS, TEXTS)
def test_two_tables_that_differ_in_what_nobody_knows_are_told(
    kind: str, where: str, key: str, one: str, two: str
) -> None:
    old, new, without = *(with_setting(made(kind, "a"), where, key, value) for value in (one, two)), made(kind, "a")
    assert is_told(old, new) == (one != two)
    assert is_told(without, new)
    assert is_told(new, without)


@given(st.sampled_from(FILES), st.sampled_from(["comment", "numRows", "projection.enabled", "meshform:mesh"]), TEXTS)
def test_what_decides_nothing_is_no_change(kind: str, key: str, value: str) -> None:
    table = made(kind, "a") if kind != "something else" else made("json", "a")
    for where in WHERE:
        assert with_setting(table, where, key, value).layout == table.layout


@pytest.mark.parametrize("where", WHERE)
def test_a_schema_of_avro_is_told_by_what_it_says_and_not_by_how(where: str) -> None:
    def of(text: str) -> Table:
        return with_setting(made("avro", "a", "b"), where, "avro.schema.literal", text)

    field = '{"type": "record", "name": "r", "fields": [{"name": "a", "type": "int"%s}]}'
    plain, spaced = of(field % ""), of((field % "").replace(" ", "\n"))
    assert plain.layout == spaced.layout == made("avro", "a", "b").layout
    escaped = [of(field % f', {key}: ["b"]') for key in ('"aliases"', r'"\u0061liases"', r'"alias\u0065s"')]
    assert len({each.layout for each in escaped}) == 1
    for each in (*escaped, of(field % ', "unheard": 1'), of(field % ', "name": "b"'), of("no JSON"), of("[" * 100_000)):
        assert is_told(plain, each)


def test_spark_says_once_more_what_a_table_is_and_where_it_lies() -> None:
    parquet = made("parquet", "a")
    said = with_setting(with_setting(parquet, "serializer", "path", "s3a://b/t"), "table", PROVIDER, "parquet")
    assert said.layout == parquet.layout
    assert with_setting(parquet, "table", PROVIDER, "DELTA").layout.reading.format == "delta"
    elsewhere = with_setting(with_setting(parquet, "serializer", "path", "s3://c/t"), "table", PROVIDER, "delta")
    assert is_told(with_setting(parquet, "table", PROVIDER, "delta"), elsewhere)


def test_columns_of_delta_are_told_by_either_way_since_its_log_may_map_them() -> None:
    """https://docs.aws.amazon.com/athena/latest/ug/delta-lake-tables.html"""
    old, new = (with_setting(made("parquet", *names), "table", "table_type", "delta") for names in ("ab", "ba"))
    assert is_told(old, new)


@pytest.mark.parametrize("kind", ["csv", "parquet", "orc", "json"])
def test_another_reader_of_the_files_is_told(kind: str) -> None:
    plain = made(kind, "a")
    symlink = "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat"
    assert is_told(plain, replace(plain, storage=replace(plain.storage, input_format=symlink)))


SETTINGS = st.dictionaries(st.sampled_from([*HEEDED, "comment", "numRows", "meshform:mesh"]) | TEXTS, TEXTS)


@given(st.sampled_from(FILES), SETTINGS, SETTINGS, SETTINGS, SETTINGS)
def test_what_decides_is_the_documents_alone_and_the_rest_stays(
    kind: str, wanted: dict[str, str], properties: dict[str, str], had: dict[str, str], noted: dict[str, str]
) -> None:
    """Whatever others or an earlier document have set, after an apply the files are read as the documents say."""

    def of(serializer: dict[str, str], own: dict[str, str]) -> Resource[Table]:
        plain = made(kind, "a", "b")
        storage = replace(plain.storage, parameters=tuple(sorted(serializer.items())))
        return Resource(ADDRESS, replace(plain, storage=storage, parameters=tuple(sorted(own.items()))))

    want, have = of(wanted, properties), of(had, noted)
    merged = registry()["table"].merge_unmanaged(want, have).spec
    assert merged.layout == want.spec.layout
    assert {**free(noted.items()), **properties} == dict(merged.parameters)
