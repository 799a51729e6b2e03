"""Files of every format that the simulated Athena reads, whose values name their column, and tables over them."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import fastavro
import pyarrow as arrow
import pyarrow.orc as orc
import pyarrow.parquet as parquet

_HIVE = "org.apache.hadoop.hive"
SERIALIZERS = {
    "lazy": f"{_HIVE}.serde2.lazy.LazySimpleSerDe",
    "opencsv": f"{_HIVE}.serde2.OpenCSVSerde",
    "parquet": f"{_HIVE}.ql.io.parquet.serde.ParquetHiveSerDe",
    "parquet-place": f"{_HIVE}.ql.io.parquet.serde.ParquetHiveSerDe",
    "orc": f"{_HIVE}.ql.io.orc.OrcSerde",
    "orc-name": f"{_HIVE}.ql.io.orc.OrcSerde",
    "json": "org.openx.data.jsonserde.JsonSerDe",
    "hive-json": "org.apache.hive.hcatalog.data.JsonSerDe",
    "avro": f"{_HIVE}.serde2.avro.AvroSerDe",
    "iceberg": "",
}
SETTINGS = {
    "lazy": {"field.delim": ","},
    "parquet-place": {"parquet.column.index.access": "true"},
    "orc-name": {"orc.column.index.access": "false"},
}
FORMATS = tuple(SERIALIZERS)
BY_PLACE = ("lazy", "opencsv", "orc", "parquet-place")

Row = dict[str, str]


def objects(form: str, rows: Sequence[Row], location: str, ids: dict[str, int] | None = None) -> dict[str, bytes]:
    """The objects below a location (`s3://bucket/folder/`) by their key below it."""
    if form == "iceberg":
        return _iceberg(rows, location, ids or {name: n for n, name in enumerate(rows[0], 1)})
    return {f"data.{form}": _written(form, rows)}


def table_input(
    form: str, name: str, columns: Sequence[dict[str, str] | str], location: str, **settings: str
) -> dict[str, Any]:
    """What Glue takes to make the table; a column is its name, or a name and a type."""
    given = [{"Name": c, "Type": "string"} if isinstance(c, str) else c for c in columns]
    iceberg = {"table_type": "ICEBERG", "metadata_location": f"{location}metadata/v1.metadata.json"}
    storage: dict[str, Any] = {"Columns": given, "Location": location}
    if SERIALIZERS[form]:
        storage["SerdeInfo"] = {
            "SerializationLibrary": SERIALIZERS[form],
            "Parameters": SETTINGS.get(form, {}) | settings,
        }
    return {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": iceberg if form == "iceberg" else {},
        "StorageDescriptor": storage,
    }


def _written(form: str, rows: Sequence[Row]) -> bytes:
    match form:
        case "lazy" | "opencsv":
            return "".join(",".join(row.values()) + "\n" for row in rows).encode()
        case "json" | "hive-json":
            return "".join(json.dumps(row) + "\n" for row in rows).encode()
        case "avro":
            fields = [{"name": name, "type": ["null", "string"]} for name in rows[0]]
            return _avro({"type": "record", "name": "row", "fields": fields}, rows)
    body = io.BytesIO()
    made = arrow.table({name: [row[name] for row in rows] for name in rows[0]})
    orc.write_table(made, body) if form.startswith("orc") else parquet.write_table(made, body)
    return body.getvalue()


def _avro(schema: dict[str, Any], rows: Sequence[Any]) -> bytes:
    body = io.BytesIO()
    fastavro.writer(body, fastavro.parse_schema(schema), rows)
    return body.getvalue()


def _iceberg(rows: Sequence[Row], location: str, ids: dict[str, int]) -> dict[str, bytes]:
    """A table of format version 2 with one snapshot of one file, as small as the specification allows."""
    marks = [
        arrow.field(name, arrow.string(), metadata={"PARQUET:field_id": str(n)}) for n, name in enumerate(rows[0], 1)
    ]
    data = io.BytesIO()
    parquet.write_table(arrow.table({n: [row[n] for row in rows] for n in rows[0]}, schema=arrow.schema(marks)), data)
    paths = {"data": f"{location}data/1.parquet", "manifest": f"{location}metadata/m1.avro"}
    entry = _record("file", file_path="string", file_format="string", content="int")
    manifest = {"type": "record", "name": "entry", "fields": [_of("status", "int"), _of("data_file", entry)]}
    listed = _record("manifest_file", manifest_path="string", content="int")
    metadata = {
        "format-version": 2,
        "location": location,
        "current-schema-id": 0,
        "schemas": [
            {
                "schema-id": 0,
                "type": "struct",
                "fields": [{"id": n, "name": name, "type": "string", "required": False} for name, n in ids.items()],
            }
        ],
        "current-snapshot-id": 1,
        "snapshots": [{"snapshot-id": 1, "manifest-list": f"{location}metadata/l1.avro"}],
    }
    file = {"file_path": paths["data"], "file_format": "PARQUET", "content": 0}
    return {
        "data/1.parquet": data.getvalue(),
        "metadata/m1.avro": _avro(manifest, [{"status": 1, "data_file": file}]),
        "metadata/l1.avro": _avro(listed, [{"manifest_path": paths["manifest"], "content": 0}]),
        "metadata/v1.metadata.json": json.dumps(metadata).encode(),
    }


def _record(name: str, **fields: str) -> dict[str, Any]:
    return {"type": "record", "name": name, "fields": [_of(field, kind) for field, kind in fields.items()]}


def _of(name: str, kind: Any) -> dict[str, Any]:
    return {"name": name, "type": kind}
