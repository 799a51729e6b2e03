"""Iceberg tables: which files a snapshot has, and which field id each column has in the current schema.

https://iceberg.apache.org/spec/
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

from reconciler.sandbox.services.athena.failure import QueryFailed
from reconciler.sandbox.services.athena.files.packages import needed
from reconciler.sandbox.services.glue.state import Record
from reconciler.sandbox.shared.s3_objects import S3Object, objects

_DELETED = 2


@dataclass(frozen=True, slots=True)
class IcebergTable:
    """The current schema (name in lower case → field id) and the data files of the current snapshot."""

    ids: dict[str, int]
    files: tuple[S3Object, ...]


def iceberg_table(record: Record) -> IcebergTable:
    """The table behind a catalog entry. QueryFailed: its metadata cannot be read, or it has deleted rows."""
    where = record.get("Parameters", {}).get("metadata_location", "")
    try:
        metadata = json.loads(_object(where).read())
        schema = next(each for each in metadata["schemas"] if each["schema-id"] == metadata["current-schema-id"])
        ids = {field["name"].lower(): int(field["id"]) for field in schema["fields"]}
        current = metadata.get("current-snapshot-id", -1)
        snapshot = next((each for each in metadata.get("snapshots", ()) if each["snapshot-id"] == current), None)
        files = () if snapshot is None else tuple(_data_files(snapshot["manifest-list"]))
    except (ValueError, KeyError, StopIteration) as error:
        raise QueryFailed(f"ICEBERG_INVALID_METADATA: Metadata file {where} cannot be read") from error
    return IcebergTable(ids, files)


def _data_files(manifest_list: str) -> list[S3Object]:
    found = []
    for manifest in _records(manifest_list):
        if manifest.get("content", 0):
            raise QueryFailed("NOT_SUPPORTED: sandbox: Iceberg tables with deleted rows are not simulated")
        for entry in _records(manifest["manifest_path"]):
            if entry["status"] == _DELETED:
                continue
            if entry["data_file"]["file_format"].upper() != "PARQUET":
                raise QueryFailed("NOT_SUPPORTED: sandbox: Iceberg tables are read from Parquet files")
            found.append(_object(entry["data_file"]["file_path"]))
    return found


def _records(uri: str) -> list[dict[str, Any]]:
    return list(needed("fastavro", "Iceberg").reader(io.BytesIO(_object(uri).read())))


def _object(uri: str) -> S3Object:
    """The object at an address. StopIteration, ValueError: there is none."""
    return next(one for one in objects(uri) if one.uri == uri.replace("s3a://", "s3://"))
