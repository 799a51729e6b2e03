"""Newest: when the newest data of a table came, by what S3 and the catalog list; no object is ever opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reconciler.kinds.lakeformation.lf_codec import in_database
from reconciler.measures.measure import By
from reconciler.model.address import Placement
from reconciler.model.reader import Reader

Row = Mapping[str, Any]
PAGES = 5
"""Pages of a thousand objects, and of a thousand partitions, that are looked at for one table."""


@dataclass(frozen=True, slots=True)
class Files:
    """A table: where its catalog is, where its files are, and whether it has partitions, or Iceberg's metadata."""

    catalog: Placement
    database: str
    table: str
    bucket: str
    key: str
    place: Placement
    is_partitioned: bool
    is_iceberg: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest time that was found (None: no data), what told it, and whether everything was looked at."""

    newest: int | None = None
    by: By = ""
    whole: bool = True

    def or_newer(self, other: Seen) -> Seen:
        """Of two looks at one table what both tell; the first says whether it was all."""
        if other.newest is None or (self.newest is not None and self.newest >= other.newest):
            return self
        return Seen(other.newest, other.by, self.whole)


def newest(aws: Reader, files: Files) -> Seen:
    """The newest data of a table, by at most 2 * PAGES + 1 requests.

    S3 lists names in their order, not by time, and at most a thousand at once. Of a table with more objects than are
    looked at, the newest partition is listed as well; what is newer elsewhere is not seen, and `whole` says so.
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
    https://docs.aws.amazon.com/glue/latest/webapi/API_GetPartitions.html
    """
    if files.is_iceberg:
        # Every commit writes a metadata file; that one says more than when it was written is not for us to read.
        return _listed(aws, files, f"{files.key}metadata/", PAGES)
    found = _listed(aws, files, files.key, PAGES)
    if found.whole or not files.is_partitioned:
        return found
    made, prefix = _partition(aws, files)
    found = found.or_newer(made)
    return found.or_newer(_listed(aws, files, prefix, 1)) if prefix else found


def _listed(aws: Reader, files: Files, prefix: str, pages: int) -> Seen:
    request: dict[str, Any] = {"Bucket": files.bucket, "Prefix": prefix}
    times: list[int] = []
    by: By = "commit" if files.is_iceberg else "object"
    for _ in range(pages):
        answer = aws.read(files.place, "s3", "ListObjectsV2", request) or {}
        times += [_seconds(row["LastModified"]) for row in answer.get("Contents", ()) if _is_data(row, prefix, by)]
        token = answer.get("NextContinuationToken")
        if not token:
            return Seen(max(times, default=None), by if times else "")
        request = {**request, "ContinuationToken": token}
    return Seen(max(times, default=None), by if times else "", whole=False)


def _is_data(row: Row, prefix: str, by: By) -> bool:
    """Names that begin with . or _ are no data for Hive and Athena, and a name that ends with / is a folder."""
    name = str(row["Key"])
    if by == "commit":
        return name.endswith(".metadata.json")
    parts = name.removeprefix(prefix).split("/")
    return bool(parts[-1]) and not any(part.startswith((".", "_")) for part in parts)


def _partition(aws: Reader, files: Files) -> tuple[Seen, str]:
    """When the newest partition was made, and the key of its files in the table's bucket (empty: elsewhere)."""
    request: dict[str, Any] = {
        **in_database(files.catalog.account, files.database),
        "TableName": files.table,
        "ExcludeColumnSchema": True,
        "MaxResults": 1000,
    }
    found: list[Row] = []
    for _ in range(PAGES):
        answer = aws.read(files.catalog, "glue", "GetPartitions", request) or {}
        found += [row for row in answer.get("Partitions", ()) if "CreationTime" in row]
        token = answer.get("NextToken")
        if not token:
            break
        request = {**request, "NextToken": token}
    row = last(found)
    if row is None:
        return Seen(), ""
    bucket, key = split(row.get("StorageDescriptor", {}).get("Location", ""))
    return Seen(_seconds(row["CreationTime"]), "partition"), key if bucket == files.bucket else ""


def last(rows: Iterable[Row]) -> Row | None:
    """The partition that was made last; of those of one moment the one with the last values."""
    return max(rows, key=lambda row: (row["CreationTime"], row.get("Values", [])), default=None)


def split(location: str) -> tuple[str, str]:
    """Bucket and key of `s3://bucket/key`, the key with a slash at its end; empty for anything else."""
    scheme, _, rest = location.partition("://")
    bucket, _, key = rest.partition("/")
    if scheme not in ("s3", "s3a", "s3n") or not bucket:
        return "", ""
    return bucket, f"{key.strip('/')}/" if key.strip("/") else ""


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
