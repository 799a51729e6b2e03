"""Parquet and JSON files by what is in them; what Athena does not read is told, and a file that is none is refused."""

from __future__ import annotations

import builtins
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reconciler.errors import MeshformError
from reconciler.making.read import read_table


def test_types_of_parquet_are_glues(tmp_path: Path) -> None:
    place = tmp_path / "dt=2026-01-01"
    place.mkdir()
    columns = {
        "Id": [1],
        "price": [Decimal("1.20")],
        "codes": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int32())),
        "at": [datetime(2026, 1, 1)],
        "who": [{"name": "x", "since": [1.5]}],
        "clock": [time(1)],
        "small": pa.array([1], pa.uint8()),
        "a;b": [1],
    }
    pq.write_table(pa.table(columns), place / "Sales.parquet")
    table = read_table(str(place / "Sales.parquet"))
    assert {each.name: each.type for each in table.columns} == {
        "id": "bigint",
        "price": "decimal(3,2)",
        "codes": "map<string,int>",
        "at": "timestamp",
        "who": "struct<name:string,since:array<double>>",
        "clock": "string",
        "small": "int",
    }
    assert [each.name for each in table.columns if each.remark] == ["clock"]
    assert [key.name for key in table.partition_keys] == ["dt"]
    assert any("'a;b' is left out" in line for line in table.told)


def test_types_of_json_are_those_that_its_serializer_reads(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text('{"id": 1, "on": "2026-01-01", "in": {"ok": true, "tags": ["a"]}}\n{"id": 2}\n')
    table = read_table(str(path))
    assert {each.name: each.type for each in table.columns} == {
        "id": "bigint",
        "on": "string",
        "in": "struct<ok:boolean,tags:array<string>>",
    }


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.json", "[{}]", "one object a line"),
        ("x.json", "{", "cannot be read as json"),
        ("x.parquet", "no", "cannot be read as parquet"),
        ("x.xlsx", "", "not called as a file of data"),
        ("x", "", "not called as a file of data"),
    ],
)
def test_what_is_none_is_refused(name: str, content: str, words: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(MeshformError, match=words):
        read_table(str(tmp_path / name))
    with pytest.raises(MeshformError, match=r"no file|not called"):
        read_table(str(tmp_path / f"no-{name}"))


@pytest.mark.parametrize("wrong", [b"\xff", b"\xc0", b"\xed", b"\xe2"])
@pytest.mark.parametrize("within", ["column", "field", "element", "value"])
def test_a_name_that_is_no_utf8_is_refused(within: str, wrong: bytes, tmp_path: Path) -> None:
    values: dict[str, pa.Array] = {
        "column": pa.array([1]),
        "field": pa.array([{"oddly": 1}]),
        "element": pa.array([[{"oddly": 1}]]),
        "value": pa.array([[("key", {"oddly": 1})]], pa.map_(pa.string(), pa.struct({"oddly": pa.int64()}))),
    }
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"oddly" if within == "column" else "c": values[within]}), path, store_schema=False)
    path.write_bytes(path.read_bytes().replace(b"oddly", wrong.ljust(5, b"x")))
    with pytest.raises(MeshformError, match="cannot be read as parquet"):
        read_table(str(path))


def test_without_duckdb_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.parquet").write_text("")
    real = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name == "duckdb":
            raise ImportError(name=name)
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MeshformError, match="duckdb is missing") as raised:
        read_table(str(tmp_path / "x.parquet"))
    assert "meshform[sandbox]" in raised.value.hints[0]
