"""Partitions are read."""

from __future__ import annotations

import zlib

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.glue.arns import on_table
from reconciler.sandbox.services.glue.pages import page
from reconciler.sandbox.services.glue.partition_filter import partition_filter
from reconciler.sandbox.services.glue.places import Place, database_place, followed_table
from reconciler.sandbox.services.glue.state import Record, StoredTable


@operation(honours="CatalogId DatabaseName TableName PartitionValues", resources=on_table("TableName"))
def get_partition(request: Request) -> Params:
    """One partition (API_GetPartition)."""
    place, stored = _table(request)
    values = tuple(request.params["PartitionValues"])
    if values not in stored.partitions:
        raise AwsError("EntityNotFoundException", f"Partition with values {list(values)} not found.")
    return {"Partition": _shown(request, place, stored, stored.partitions[values])}


@operation(
    honours="CatalogId DatabaseName TableName Expression NextToken Segment MaxResults ExcludeColumnSchema",
    resources=on_table("TableName"),
)
def get_partitions(request: Request) -> Params:
    """The partitions of a table that fit an expression, 1000 a page, or those of one segment (API_GetPartitions)."""
    place, stored = _table(request)
    keep = partition_filter(request, stored.current.get("PartitionKeys", []))
    found = [p for _, p in sorted(stored.partitions.items()) if keep(p["Values"])]
    if segment := request.params.get("Segment"):
        found = [p for p in found if _segment(p, segment["TotalSegments"]) == segment["SegmentNumber"]]
    chosen, token = page(found, request.params, lambda p: "/".join(p["Values"]), size=1000)
    return {"Partitions": [_shown(request, place, stored, p) for p in chosen], "NextToken": token}


@operation(honours="CatalogId DatabaseName TableName PartitionsToGet", resources=on_table("TableName"))
def batch_get_partition(request: Request) -> Params:
    """The partitions with these values; those that are not there are left out (API_BatchGetPartition)."""
    place, stored = _table(request)
    wanted = [tuple(given["Values"]) for given in request.params["PartitionsToGet"]]
    found = [stored.partitions[values] for values in wanted if values in stored.partitions]
    return {"Partitions": [_shown(request, place, stored, p) for p in found], "UnprocessedKeys": []}


@operation(honours="CatalogId DatabaseName TableName NextToken", resources=on_table("TableName"))
def get_partition_indexes(request: Request) -> Params:
    """The partition indexes of a table: none, since none can be made here (API_GetPartitionIndexes)."""
    _table(request)
    return {"PartitionIndexDescriptorList": []}


def _segment(partition: Record, total: int) -> int:
    """The segment of a partition: the same for the same values, whatever comes and goes beside it."""
    return zlib.crc32("/".join(partition["Values"]).encode()) % total


def _table(request: Request) -> tuple[Place, StoredTable]:
    place = database_place(request, request.params["DatabaseName"])
    place, _, stored = followed_table(request, place, request.params["TableName"])
    return place, stored


def _shown(request: Request, place: Place, stored: StoredTable, partition: Record) -> Record:
    storage = partition.get("StorageDescriptor")
    if not storage:
        return partition
    if request.params.get("ExcludeColumnSchema"):
        return {**partition, "StorageDescriptor": {k: v for k, v in storage.items() if k != "Columns"}}
    names = place.world.lakeformation.visible_columns(request.caller, place.catalog, place.name, stored.current["Name"])
    if names is None:
        return partition
    columns = [c for c in storage.get("Columns", []) if c["Name"].lower() in names]
    return {**partition, "StorageDescriptor": {**storage, "Columns": columns}}
