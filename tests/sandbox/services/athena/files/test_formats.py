"""The simulated Athena reads each format as Athena's pages say: by place, by name or by field id."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import pyarrow as arrow
import pyarrow.orc as orc
import pyarrow.parquet as parquet
import pytest

from tests.sandbox.athena import failure, rows
from tests.sandbox.conftest import OWNER, Http
from tests.sandbox.files import BY_PLACE, FORMATS, objects, table_input

WRITTEN = ("a", "b", "c")
LOCATION = "s3://lake/t/"


@pytest.fixture
def owner(http: Http) -> Http:
    """An account with buckets and an empty database."""
    s3 = http.client("s3", OWNER)
    for bucket in ("lake", "results"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    http.client("glue", OWNER).create_database(DatabaseInput={"Name": "db"})
    return http


def read(owner: Http, form: str, columns: Any, bodies: dict[str, bytes] | None = None, **settings: str) -> Any:
    """The rows of a table with these columns over files that have `a`, `b` and `c`."""
    s3, glue = owner.client("s3", OWNER), owner.client("glue", OWNER)
    values = [{name: f"{name}-{number}" for name in WRITTEN} for number in (1, 2)]
    for key, body in (bodies or objects(form, values, LOCATION)).items():
        s3.put_object(Bucket="lake", Key=f"t/{key}", Body=body)
    glue.create_table(DatabaseName="db", TableInput=table_input(form, "t", columns, LOCATION, **settings))
    return rows(owner.client("athena", OWNER), 'SELECT * FROM "db"."t"')


@pytest.mark.parametrize("form", FORMATS)
def test_a_table_as_its_files_were_written(owner: Http, form: str) -> None:
    assert read(owner, form, WRITTEN) == [list(WRITTEN), ["a-1", "b-1", "c-1"], ["a-2", "b-2", "c-2"]]


@pytest.mark.parametrize("form", FORMATS)
def test_another_order_moves_values_where_a_column_is_its_place(owner: Http, form: str) -> None:
    first = read(owner, form, ("c", "a", "b"))[1]
    assert first == (["a-1", "b-1", "c-1"] if form in BY_PLACE else ["c-1", "a-1", "b-1"])


@pytest.mark.parametrize("form", FORMATS)
def test_a_column_put_in_before_others_moves_them_where_a_column_is_its_place(owner: Http, form: str) -> None:
    first = read(owner, form, ("a", "x", "b", "c"))[1]
    assert first == (["a-1", "b-1", "c-1", None] if form in BY_PLACE else ["a-1", None, "b-1", "c-1"])


@pytest.mark.parametrize("form", FORMATS)
def test_another_name_keeps_the_values_only_where_a_column_is_its_place(owner: Http, form: str) -> None:
    first = read(owner, form, ("a", "x", "c"))[1]
    assert first == ["a-1", "b-1" if form in BY_PLACE else None, "c-1"]


def test_a_field_id_of_iceberg_follows_a_column_to_its_new_name(owner: Http) -> None:
    values = [{name: f"{name}-1" for name in WRITTEN}]
    bodies = objects("iceberg", values, LOCATION, ids={"c": 1, "x": 2, "a": 9})
    assert read(owner, "iceberg", ("a", "c", "x"), bodies)[1] == [None, "a-1", "b-1"]


def test_names_of_files_count_without_regard_to_case(owner: Http) -> None:
    body = io.BytesIO()
    parquet.write_table(arrow.table({"B": ["b"], "A": ["a"]}), body)
    assert read(owner, "parquet", ("a", "b"), {"x.parquet": body.getvalue()})[1] == ["a", "b"]


def test_a_json_table_reads_nested_values_and_the_key_that_it_names(owner: Http) -> None:
    line = {"Id": 7, "who": {"firstName": "Ann", "more": 1}, "tags": ["x", "y"], "n": {"k": 2}, "ts": "t"}
    columns = [
        {"Name": "id", "Type": "bigint"},
        {"Name": "who", "Type": "struct<firstName:string,gone:int>"},
        {"Name": "tags", "Type": "array<string>"},
        {"Name": "n", "Type": "map<string,int>"},
        {"Name": "time", "Type": "string"},
    ]
    bodies = {"x.json.gz": gzip.compress(json.dumps(line).encode() + b"\n")}
    found = read(owner, "json", columns, bodies, **{"mapping.time": "ts"})[1]
    assert found == ["7", "{firstname=Ann, gone=null}", "[x, y]", "{k=2}", "t"]
    one = rows(owner.client("athena", OWNER), "SELECT who.firstname, tags[1] AS first FROM db.t")
    assert one[1] == ["Ann", "x"]


def test_a_line_that_is_no_json_fails_the_query_unless_the_table_says_otherwise(owner: Http) -> None:
    bodies = {"x.json": b'{"a": "1"}\nnonsense\n'}
    assert read(owner, "json", ("a",), bodies, **{"ignore.malformed.json": "true"})[1:] == [["1"], [None]]
    owner.client("glue", OWNER).create_table(
        DatabaseName="db", TableInput=table_input("json", "strict", ("a",), LOCATION)
    )
    told = failure(owner.client("athena", OWNER), "SELECT * FROM db.strict")
    assert told.startswith("HIVE_CURSOR_ERROR")


def test_a_type_of_another_family_is_bad_data_in_columnar_files(owner: Http) -> None:
    body = io.BytesIO()
    orc.write_table(arrow.table({"a": [1]}), body)
    with pytest.raises(AssertionError, match="HIVE_BAD_DATA"):
        read(owner, "orc", ({"Name": "a", "Type": "string"},), {"x.orc": body.getvalue()})
    glue = owner.client("glue", OWNER)
    wide = table_input("orc", "wide", ({"Name": "a", "Type": "bigint"},), LOCATION)
    glue.create_table(DatabaseName="db", TableInput=wide)
    assert rows(owner.client("athena", OWNER), "SELECT a FROM db.wide") == [["a"], ["1"]]
