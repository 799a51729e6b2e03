"""Sources of a new product: data contracts, and files of data."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from reconciler.making.contract_file import contract_product
from reconciler.making.found import FoundTable
from reconciler.making.read import read_table
from reconciler.spec.contracts.classification import Scale
from reconciler.spec.documents.table import Column
from reconciler.spec.language.glue_types import is_glue_type
from reconciler.spec.language.validation_messages import wrong_value
from reconciler.spec.load import load
from reconciler.spec.yaml.source import MAX_BYTES
from tests.fuzz.place import place
from tests.fuzz.target import Target, told
from tests.making.test_contract_file import CONTRACT as WHOLE
from tests.making.test_older_contract import OLDER
from tests.spec.contracts.test_contract import CONTRACT, PATH, with_contract
from tests.spec.small import TODAY, loaded, sources


def contract(data: bytes) -> str:
    """A contract in a mesh, and as the beginning of a product."""
    if len(data) > MAX_BYTES:
        return "too large"
    files = {path: text.encode() for path, text in with_contract().items() if path != PATH} | {PATH: data}
    found = load(sources(files), TODAY, like=loaded(with_contract()))
    answer = told(found.findings, {f"mesh/{path}": content for path, content in files.items()})
    product = contract_product(
        _written("orders.yaml", data), Scale("sensitivity", ("public", "internal"), ordered=True)
    )
    for table in product.tables:
        _hold(table)
    return answer


def csv(data: bytes) -> str:
    return _table("orders.csv", data)


def json(data: bytes) -> str:
    return _table("orders.json", data)


def parquet(data: bytes) -> str:
    return _table("orders.parquet", data)


def zipped(data: bytes) -> str:
    return _table("orders.csv.gz", data)


def _table(name: str, data: bytes) -> str:
    found = read_table(str(_written(name, data)))
    _hold(found)
    return f"{found.format} of {len(found.columns)} columns: {found.told[:1]}"


def _hold(table: FoundTable) -> None:
    """What is found can stand in a document."""
    for column in (*table.columns, *table.partition_keys):
        wrong = wrong_value(Column, "name", column.name)
        assert wrong is None, f"{column.name!r}: {wrong}"
        assert is_glue_type(column.type), column.type
    names = [each.name for each in (*table.columns, *table.partition_keys)]
    assert len({*names}) == len(names), f"two columns of one name: {names}"


def _written(name: str, data: bytes) -> Path:
    path = place() / name
    path.write_bytes(data)
    return path


def _parquet() -> bytes:
    made = io.BytesIO()
    pq.write_table(
        pa.table({"Id": [1], "codes": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int32())), "who": [{"n": "x"}]}),
        made,
        compression="none",
    )
    return made.getvalue()


_CSV = (
    b"id;name;amount;day\n1;Ada;1.50;2026-01-01\n2;Grace;;2026-01-02\n",
    b'"Id","First name","Is new"\n"1","Ada, Countess","true"\n"2","x\ny","false"\n',
    b"1,2,3\n4,5,6\n",
)
_JSON = (
    b'{"id": 1, "who": {"name": "Ada", "since": [1.5]}, "day": "2026-01-01"}\n{"id": 2, "who": null, "day": "x"}\n',
    b'{"a": {"b": {"c": [{"d": true}]}}, "E": 1e5}\n',
)
TARGETS = (
    Target("contract", "yaml", contract, lambda: [WHOLE.encode(), OLDER.encode(), CONTRACT.encode()], 5),
    Target("csv", "text", csv, lambda: _CSV),
    Target("csv-gz", "bytes", zipped, lambda: [gzip.compress(each, mtime=0) for each in _CSV]),
    Target("json", "lines", json, lambda: _JSON, 1),
    Target("parquet", "bytes", parquet, lambda: [_parquet()], 1),
)
