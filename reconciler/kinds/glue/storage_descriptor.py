"""How a table's files are written, in Hive's terms: location, input and output format, serializer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from reconciler.kinds.glue.avro_schema import avro_schema
from reconciler.spec.documents.table import Table
from reconciler.spec.table_settings import free


@dataclass(frozen=True, slots=True)
class Storage:
    """The parts of a storage descriptor that we manage; `parameters` are the serializer's, sorted."""

    location: str
    input_format: str
    output_format: str
    serializer: str
    parameters: tuple[tuple[str, str], ...] = ()


_HIVE = "org.apache.hadoop.hive"
_TEXT = "org.apache.hadoop.mapred.TextInputFormat"
_IGNORE_KEY = f"{_HIVE}.ql.io.HiveIgnoreKeyTextOutputFormat"
_PARQUET, _ORC, _AVRO = f"{_HIVE}.ql.io.parquet", f"{_HIVE}.ql.io.orc", f"{_HIVE}.ql.io.avro"
_FORMATS = {
    "parquet": (
        f"{_PARQUET}.MapredParquetInputFormat",
        f"{_PARQUET}.MapredParquetOutputFormat",
        f"{_PARQUET}.serde.ParquetHiveSerDe",
    ),
    "orc": (f"{_ORC}.OrcInputFormat", f"{_ORC}.OrcOutputFormat", f"{_ORC}.OrcSerde"),
    "avro": (
        f"{_AVRO}.AvroContainerInputFormat",
        f"{_AVRO}.AvroContainerOutputFormat",
        f"{_HIVE}.serde2.avro.AvroSerDe",
    ),
    "iceberg": ("", "", ""),
}
_JSON = {"openx": "org.openx.data.jsonserde.JsonSerDe", "hive": "org.apache.hive.hcatalog.data.JsonSerDe"}
_CSV = {"lazy": f"{_HIVE}.serde2.lazy.LazySimpleSerDe", "openCsv": f"{_HIVE}.serde2.OpenCSVSerde"}
_COMPRESSIONS = {"parquet": "parquet.compression", "orc": "orc.compress"}
HEADER = "skip.header.line.count"
"""The table property, and the setting of the serializer that earlier versions wrote in its place."""


def storage_of(table: Table, location: str) -> Storage:
    """The storage of a declared table.

    https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html
    """
    parameters: dict[str, str] = {"serialization.format": "1"}
    match table.format:
        case "csv":
            formats = (_TEXT, _IGNORE_KEY, _CSV[table.csv.serializer])
            parameters = _csv_parameters(table)
        case "json":
            formats = (_TEXT, _IGNORE_KEY, _JSON[table.json_.serializer])
        case "other" if table.storage is not None:
            raw = table.storage
            formats, parameters = (raw.input_format, raw.output_format, raw.serializer), dict(raw.parameters)
        case "avro":
            formats = _FORMATS["avro"]
            columns = ((each.name, each.type) for each in table.columns)
            parameters["avro.schema.literal"] = avro_schema(table.name, columns)
        case "other":
            # It is its writer's, who says elsewhere how the files are read.
            return Storage(location, "", "", "")
        case "view":
            return Storage("", "", "", "")
        case form:
            formats = _FORMATS[form]
    return Storage(location, *formats, tuple(sorted(parameters.items())))


def properties_of(table: Table) -> dict[str, str]:
    """The table properties of a declared table.

    https://docs.aws.amazon.com/athena/latest/ug/alter-table-set-tblproperties.html
    """
    found = dict(table.properties)
    if table.format == "iceberg":
        found["table_type"] = "ICEBERG"
    if table.format == "csv":
        found[HEADER] = "1" if table.csv.header else "0"
    if table.compression is not None:
        found[_COMPRESSIONS.get(table.format, "write.compression")] = table.compression.upper()
    return found


def merged_storage(want: Storage, have: Storage) -> Storage:
    """The wanted storage with what others noted at the serializer; where lines begin is the table's to say."""
    kept = {name: value for name, value in free(have.parameters).items() if name != HEADER}
    return replace(want, parameters=tuple(sorted({**kept, **dict(want.parameters)}.items())))


def _csv_parameters(table: Table) -> dict[str, str]:
    csv = table.csv
    if csv.serializer == "openCsv":
        return {"separatorChar": csv.delimiter, "quoteChar": csv.quote, "escapeChar": csv.escape}
    return {"field.delim": csv.delimiter, "serialization.format": csv.delimiter}


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
