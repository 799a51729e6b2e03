"""How a table's files are written, in Hive's terms: location, input and output format, serializer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.spec.documents.table import Table


@dataclass(frozen=True, slots=True)
class Storage:
    """The parts of a storage descriptor that we manage; `parameters` are the serializer's, sorted."""

    location: str
    input_format: str
    output_format: str
    serializer: str
    parameters: tuple[tuple[str, str], ...] = ()


_TEXT = "org.apache.hadoop.mapred.TextInputFormat"
_IGNORE_KEY = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
_FORMATS = {
    "parquet": (
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    ),
    "csv": (_TEXT, _IGNORE_KEY, "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"),
    "json": (_TEXT, _IGNORE_KEY, "org.openx.data.jsonserde.JsonSerDe"),
}


def storage_of(table: Table, location: str) -> Storage:
    """The storage of a declared table.

    https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html
    """
    input_format, output_format, serializer = _FORMATS[table.format]
    parameters: dict[str, str] = {"serialization.format": "1"}
    if table.format == "csv":
        parameters = {"field.delim": table.csv.delimiter, "serialization.format": table.csv.delimiter}
        if table.csv.header:
            parameters["skip.header.line.count"] = "1"
    return Storage(location, input_format, output_format, serializer, tuple(sorted(parameters.items())))


def found_storage(descriptor: Mapping[str, Any]) -> Storage:
    """The storage of a table as AWS has it."""
    serializer = descriptor.get("SerdeInfo", {})
    return Storage(
        descriptor.get("Location", ""),
        descriptor.get("InputFormat", ""),
        descriptor.get("OutputFormat", ""),
        serializer.get("SerializationLibrary", ""),
        tuple(sorted(serializer.get("Parameters", {}).items())),
    )


def encode(storage: Storage, serializer: Mapping[str, Any]) -> dict[str, Any]:
    """The storage as fields of a storage descriptor, on top of the serializer that is there."""
    return {
        "Location": storage.location,
        "InputFormat": storage.input_format,
        "OutputFormat": storage.output_format,
        "SerdeInfo": {
            **serializer,
            "SerializationLibrary": storage.serializer,
            "Parameters": dict(storage.parameters),
        },
    }
