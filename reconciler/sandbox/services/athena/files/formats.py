"""Which format a table's objects have, and how Athena finds the values of its columns in them.

By place: text and ORC; by name: Parquet, JSON, Avro; the two settings of the serializer turn it round; Iceberg by
field id. https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html
"""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.sandbox.services.athena.failure import QueryFailed
from reconciler.sandbox.services.glue.state import Record

_LIBRARIES = {
    "lazysimpleserde": "text",
    "opencsvserde": "text",
    "": "text",
    "parquethiveserde": "parquet",
    "orcserde": "orc",
    "jsonserde": "json",
    "avroserde": "avro",
}


def file_format(record: Record) -> str:
    """text, parquet, orc, json, avro or iceberg. QueryFailed: a format that is not simulated."""
    if record.get("Parameters", {}).get("table_type", "").lower() == "iceberg":
        return "iceberg"
    storage = record.get("StorageDescriptor", {})
    library = storage.get("SerdeInfo", {}).get("SerializationLibrary", "").rpartition(".")[2].lower()
    if not library and "parquet" in storage.get("InputFormat", "").lower():
        return "parquet"
    if library not in _LIBRARIES:
        raise QueryFailed(f"NOT_SUPPORTED: sandbox: the format {library} is not simulated")
    return _LIBRARIES[library]


def by_place(record: Record, form: str) -> bool:
    """Whether a column of a Parquet or ORC table is its place in the file."""
    settings = record.get("StorageDescriptor", {}).get("SerdeInfo", {}).get("Parameters", {})
    said = settings.get(f"{form}.column.index.access", "").lower()
    return bool(said == "true" if form == "parquet" else said != "false")


def found_in(columns: Sequence[Record], there: Sequence[str], *, place: bool) -> list[int | None]:
    """For each column of a table the number of the field of a file that holds its values; None for none."""
    if place:
        return [number if number < len(there) else None for number in range(len(columns))]
    known = {name.lower(): number for number, name in enumerate(there)}
    return [known.get(column["Name"].lower()) for column in columns]
