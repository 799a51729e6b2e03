"""Formats of tables: what Glue gets for each, what stays with an external table, and how types are written."""

from __future__ import annotations

import json
from dataclasses import replace

import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler import pipeline
from reconciler.kinds import addresses, registry
from reconciler.kinds.glue.column import Column
from reconciler.kinds.glue.table import Table
from reconciler.model.address import Placement
from reconciler.model.resource import Observation, Resource, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.plan.review import Review
from reconciler.spec.mesh import Mesh
from tests.estate import CENTRAL, REGION, variant

FUNDS = "domains/asset-management/products/fund-prices.yaml"
NAMED = "  - name: fund_price\n"
ADDRESS = addresses.table(Placement(CENTRAL, REGION), "fund-prices", "fund_price")


def with_table(*lines: str, **changes: str) -> Mesh:
    """The example with fields of the table `fund_price`, and texts replaced."""
    edits = [(FUNDS, old, new) for old, new in changes.items()]
    return variant((FUNDS, NAMED, NAMED + "".join(f"    {line}\n" for line in lines)), *edits)


def table_of(mesh: Mesh) -> Table:
    spec = compile_mesh(mesh, registry())[ADDRESS].spec
    assert isinstance(spec, Table)
    return spec


FORMATS = [
    (("format: orc",), "org.apache.hadoop.hive.ql.io.orc.OrcSerde"),
    (("format: avro",), "org.apache.hadoop.hive.serde2.avro.AvroSerDe"),
    (("format: json",), "org.openx.data.jsonserde.JsonSerDe"),
    (("format: json", "json: {serializer: hive}"), "org.apache.hive.hcatalog.data.JsonSerDe"),
    (("format: csv", 'csv: {serializer: openCsv, quote: "\'"}'), "org.apache.hadoop.hive.serde2.OpenCSVSerde"),
    (
        ("format: other", "storage: {inputFormat: a.In, outputFormat: a.Out, serializer: a.Grok, parameters: {x: y}}"),
        "a.Grok",
    ),
]


@pytest.mark.parametrize(("lines", "serializer"), FORMATS)
def test_each_format_has_the_serializer_of_athenas_page(lines: tuple[str, ...], serializer: str) -> None:
    """https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html"""
    storage = table_of(with_table(*lines)).storage
    assert storage.serializer == serializer
    assert storage.input_format
    assert storage.output_format


def test_quotes_are_those_of_the_table() -> None:
    parameters = dict(table_of(with_table("format: csv", 'csv: {serializer: openCsv, quote: "\'"}')).storage.parameters)
    assert (parameters["quoteChar"], parameters["separatorChar"], parameters["escapeChar"]) == ("'", ",", "\\")


def test_an_avro_table_has_a_schema_that_avro_takes() -> None:
    literal = dict(table_of(with_table("format: avro")).storage.parameters)["avro.schema.literal"]
    parsed = fastavro.parse_schema(json.loads(literal))
    assert isinstance(parsed, dict)
    assert [field["name"] for field in parsed["fields"]] == ["isin", "currency", "net_asset_value", "net_inflow"]


def test_properties_and_compression_are_table_properties() -> None:
    spec = table_of(with_table("compression: zstd", "properties: {projection.enabled: 'true'}"))
    parameters = dict(spec.parameters)
    assert (parameters["parquet.compression"], parameters["projection.enabled"]) == ("ZSTD", "true")


def test_the_header_is_the_property_that_aws_documents_and_can_be_taken_back() -> None:
    """https://docs.aws.amazon.com/athena/latest/ug/lazy-simple-serde.html"""
    with_header, without = (
        table_of(with_table("format: csv", f"csv: {{header: {said}}}")) for said in ("true", "false")
    )
    assert dict(with_header.parameters)["skip.header.line.count"] == "1"
    old = replace(with_header.storage, parameters=(*with_header.storage.parameters, ("skip.header.line.count", "1")))
    kind = registry()["table"]
    merged = kind.merge_unmanaged(Resource(ADDRESS, without), Resource(ADDRESS, replace(with_header, storage=old))).spec
    assert dict(merged.parameters)["skip.header.line.count"] == "0"
    assert "skip.header.line.count" not in dict(merged.storage.parameters)


def test_types_are_written_as_hive_reads_them_and_stay_as_they_are_spelled() -> None:
    mesh = with_table(**{'type: "decimal(18,4)"': 'type: "DECIMAL(18, 4)"'})
    want = table_of(mesh)
    assert want.types["net_asset_value"] == "decimal(18,4)"
    kind = registry()["table"]
    for spelled, kept in (("DECIMAL(18,4)", "DECIMAL(18,4)"), ("decimal(18, 4)", "decimal(18,4)")):
        columns = tuple(Column(c.name, spelled, c.comment) if c.name == "net_asset_value" else c for c in want.columns)
        have = replace(want, columns=columns)
        assert (
            kind.merge_unmanaged(Resource(ADDRESS, want), Resource(ADDRESS, have)).spec.types["net_asset_value"] == kept
        )


def external(*edits: tuple[str, str, str]) -> Mesh:
    return variant((FUNDS, NAMED, f"{NAMED}    definition: external\n    format: iceberg\n"), *edits)


def reviewed(mesh: Mesh, table: Table | None) -> Review:
    """The review where AWS has all that the mesh wants, but of the external table what its writer made."""
    found = {address: each for address, each in compile_mesh(mesh, registry()).items() if address != ADDRESS}
    if table is not None:
        found[ADDRESS] = Resource(ADDRESS, table)
    return pipeline.review(mesh, observation=Observation(Snapshot(found[address] for address in sorted(found))))


def made(*columns: tuple[str, str]) -> Table:
    """The table as an engine made it: other parameters, no mark of ours."""
    declared = table_of(external())
    return replace(
        declared,
        external=False,
        columns=tuple(Column(name, kind) for name, kind in columns),
        partition_keys=(),
        description="by dbt",
        parameters=(("metadata_location", "s3://b/m.json"), ("table_type", "ICEBERG")),
    )


WRITTEN = (
    ("isin", "string"),
    ("currency", "string"),
    ("net_asset_value", "decimal(18,4)"),
    ("net_inflow", "decimal(18,2)"),
)


def test_an_external_table_is_never_written_whatever_its_writer_did() -> None:
    review = reviewed(external(), made(*WRITTEN, ("later", "string")))
    assert review.plan is not None
    assert all(step.change.address != ADDRESS for step in review.plan.steps)
    told = [finding for finding in review.findings if finding.rule == "schema-drift"]
    assert any("has a column later (string) that is not declared" in finding.message for finding in told)


def test_an_external_table_that_breaks_its_declaration_is_told_and_its_missing_column_holds_the_tag_alone() -> None:
    mesh = external()
    review = reviewed(mesh, made(*WRITTEN[:3]))
    assert review.plan is not None
    told = [finding.message for finding in review.findings if finding.rule == "schema-drift"]
    assert any(
        "The column net_inflow of fund-prices.fund_price is gone" in each and "its writer" in each for each in told
    )
    found = {
        a: each for a, each in compile_mesh(mesh, registry()).items() if "net_inflow" not in a.name and a != ADDRESS
    }
    found[ADDRESS] = Resource(ADDRESS, made(*WRITTEN[:3]))
    plan = pipeline.review(mesh, observation=Observation(Snapshot(found[a] for a in sorted(found)))).plan
    assert plan is not None
    assert any("net_inflow" in held.address.name and "its writer has not made it" in held.reason for held in plan.held)


ROWS = st.lists(
    st.tuples(st.sampled_from(["isin", "currency", "net_asset_value", "net_inflow", "note", "old"]), st.booleans()),
    unique_by=lambda each: each[0],
    min_size=1,
)


@given(ROWS)
def test_queries_see_the_columns_of_icebergs_current_schema_only(rows: list[tuple[str, bool]]) -> None:
    """pyiceberg and Iceberg's Java library leave the columns of earlier schemas in Glue and say so on each."""
    stored = [
        {
            "Name": name,
            "Type": "string",
            "Parameters": {"iceberg.field.id": str(n), "iceberg.field.current": str(now).lower()},
        }
        for n, (name, now) in enumerate(rows)
    ]
    table = replace(made(*((name, "string") for name, _ in rows)), rest={"StorageDescriptor": {"Columns": stored}})
    assert [column.name for column in table.queried.columns] == [name for name, now in rows if now]
    hive = replace(table, parameters=())
    assert hive.queried == hive


def test_who_is_broken_by_a_writer_is_named() -> None:
    told = [each.message for each in reviewed(external(), made(*WRITTEN[1:])).findings if each.rule == "schema-drift"]
    (gone,) = [each for each in told if "The column isin of fund-prices.fund_price is gone" in each]
    assert "It is read by asset-management/asset-management-steward." in gone


def test_an_external_table_that_is_not_there_holds_what_needs_it() -> None:
    plan = reviewed(external(), None).plan
    assert plan is not None
    assert "its writer has not made it yet" in next(held.reason for held in plan.held if held.address == ADDRESS)


def test_a_declared_table_that_an_engine_made_iceberg_is_left_to_it() -> None:
    """An UpdateTable of ours could take back a commit: the address of the metadata is one of the table's parameters."""
    mesh = variant()
    taken = replace(
        made(*WRITTEN),
        parameters=(*table_of(mesh).parameters, ("metadata_location", "s3://b/2.json"), ("table_type", "ICEBERG")),
    )
    found = {**compile_mesh(mesh, registry()), ADDRESS: Resource(ADDRESS, taken)}
    review = pipeline.review(mesh, observation=Observation(Snapshot(found[address] for address in sorted(found))))
    assert review.plan is not None
    assert review.plan.is_empty
    told = next(each for each in review.findings if "kept by its writer as iceberg" in each.message)
    assert (told.rule, told.severity) == ("schema-drift", "note")


def kept(form: str, **found: object) -> list[tuple[str, str]]:
    """What is told of an external table of a format that was found with other fields than are declared."""
    mesh = variant((FUNDS, NAMED, f"{NAMED}    definition: external\n    format: {form}\n"))
    table = replace(table_of(mesh), external=False, **found)  # type: ignore[arg-type]
    everything = {**compile_mesh(mesh, registry()), ADDRESS: Resource(ADDRESS, table)}
    review = pipeline.review(mesh, observation=Observation(Snapshot(everything[each] for each in sorted(everything))))
    assert review.plan is not None
    assert review.plan.is_empty, [str(step.address) for step in review.plan.steps]
    return [(each.severity, each.message) for each in review.findings if each.rule == "schema-drift"]


def test_what_a_writer_may_do_is_never_undone_and_told_by_whether_it_breaks() -> None:
    columns = table_of(variant()).columns
    first, *rest = columns
    assert kept("parquet", columns=(*rest, first)) == []
    assert "shows the values of" in kept("csv", columns=(*rest, first))[0][1]
    assert kept("parquet", columns=columns) == []
    (wider,) = kept("iceberg", columns=(*columns[:2], replace(columns[2], type="decimal(38,4)"), columns[3]))
    assert (wider[0], "wider than the declared" in wider[1]) == ("note", True)
    (key,) = kept("parquet", partition_keys=(*table_of(variant()).partition_keys, Column("hour", "int")))
    assert (key[0], "partition keys of fund-prices.fund_price are others" in key[1]) == ("warning", True)
    (gone, came) = kept("parquet", columns=(Column("id", "string"), *rest))
    assert (gone[0], "The column isin of fund-prices.fund_price is gone" in gone[1]) == ("warning", True)
    assert (came[0], "a column id (string) that is not declared" in came[1]) == ("note", True)


def test_a_table_that_became_a_view_is_told() -> None:
    (swapped,) = kept("parquet", type="VIRTUAL_VIEW")
    assert swapped[0] == "warning"
    assert "is read otherwise: view, declared parquet" in swapped[1]


def test_settings_of_its_writer_are_told_as_a_warning_where_the_document_says_another() -> None:
    storage = table_of(with_table("definition: external", "format: csv")).storage
    (cut,) = kept("csv", storage=replace(storage, parameters=(("field.delim", ";"),)))
    assert (cut[0], "(field.delim)" in cut[1], "It is read by " in cut[1]) == ("warning", True, True)
    (noted,) = kept("csv", parameters=(("spark.sql.sources.schema.part.0", "{}"),))
    assert (noted[0], "(the table's spark.sql.sources.schema.part.0)" in noted[1]) == ("note", True)
    assert kept("csv", parameters=(("comment", "x"), ("spark.sql.sources.provider", "csv"))) == []


@pytest.mark.parametrize("parameters", [(("table_type", "delta"),), (("spark.sql.sources.provider", "DELTA"),), ()])
def test_a_format_that_has_no_word_is_its_writers_and_its_columns_are_held_to_the_declared_ones(
    parameters: tuple[tuple[str, str], ...],
) -> None:
    """As plan says to declare a table that an engine has made Delta."""
    storage = replace(table_of(variant()).storage, serializer="a.Serde", parameters=(("x", "y"),))
    assert kept("other", storage=storage, parameters=parameters) == []
    ((severity, said),) = kept(
        "other", storage=storage, parameters=parameters, columns=table_of(variant()).columns[:-1]
    )
    assert (severity, "The column net_inflow of fund-prices.fund_price is gone" in said) == ("warning", True)
