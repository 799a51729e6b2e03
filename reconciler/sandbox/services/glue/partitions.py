"""Partitions of tables."""

from __future__ import annotations

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.glue.arns import on_table
from reconciler.sandbox.services.glue.events import table_changed
from reconciler.sandbox.services.glue.places import Place, database_place, followed_table
from reconciler.sandbox.services.glue.state import Record, StoredTable
from reconciler.sandbox.services.lakeformation.resources import Table

_ADDRESS = "CatalogId DatabaseName TableName"


@operation(honours=f"{_ADDRESS} PartitionInput", resources=on_table("TableName"))
def create_partition(request: Request) -> Params:
    """Add a partition (API_CreatePartition)."""
    place, name, stored = _table(request, "INSERT")
    given = request.params["PartitionInput"]
    _require_location(request, place, stored, given)
    add_partition(place, name, stored, given)
    table_changed(place.world, place.catalog, place.name, name, "CreatePartition", [given["Values"]])
    return {}


@operation(honours=f"{_ADDRESS} PartitionInputList", resources=on_table("TableName"))
def batch_create_partition(request: Request) -> Params:
    """Add up to 100 partitions; what could not be added is told in Errors (API_BatchCreatePartition)."""
    place, name, stored = _table(request, "INSERT")
    errors, added = [], []
    for position, given in enumerate(request.params["PartitionInputList"]):
        try:
            if position in request.entry_faults:
                raise request.entry_faults[position]
            _require_location(request, place, stored, given)
            add_partition(place, name, stored, given)
            added.append(given["Values"])
        except AwsError as error:
            errors.append(_failed(given.get("Values", []), error))
    if added:
        table_changed(place.world, place.catalog, place.name, name, "BatchCreatePartition", added)
    return {"Errors": errors}


@operation(honours=f"{_ADDRESS} PartitionValueList PartitionInput", resources=on_table("TableName"))
def update_partition(request: Request) -> Params:
    """Replace a partition, its values too (API_UpdatePartition)."""
    place, name, stored = _table(request, "ALTER")
    values = tuple(request.params["PartitionValueList"])
    old = _partition(stored, values)
    _require_location(request, place, stored, request.params["PartitionInput"])
    del stored.partitions[values]
    try:
        add_partition(place, name, stored, {"Values": list(values), **request.params["PartitionInput"]})
    except AwsError:
        stored.partitions[values] = old
        raise
    return {}


@operation(honours=f"{_ADDRESS} PartitionValues", resources=on_table("TableName"))
def delete_partition(request: Request) -> Params:
    """Remove a partition (API_DeletePartition)."""
    place, name, stored = _table(request, "DELETE")
    values = tuple(request.params["PartitionValues"])
    _partition(stored, values)
    del stored.partitions[values]
    table_changed(place.world, place.catalog, place.name, name, "DeletePartition", [values])
    return {}


@operation(honours=f"{_ADDRESS} PartitionsToDelete", resources=on_table("TableName"))
def batch_delete_partition(request: Request) -> Params:
    """Remove up to 25 partitions; what could not be removed is told in Errors (API_BatchDeletePartition)."""
    place, name, stored = _table(request, "DELETE")
    errors, removed = [], []
    for position, given in enumerate(request.params["PartitionsToDelete"]):
        values = tuple(given["Values"])
        try:
            if position in request.entry_faults:
                raise request.entry_faults[position]
            _partition(stored, values)
            del stored.partitions[values]
            removed.append(values)
        except AwsError as error:
            errors.append(_failed(list(values), error))
    if removed:
        table_changed(place.world, place.catalog, place.name, name, "BatchDeletePartition", removed)
    return {"Errors": errors}


def _require_location(request: Request, place: Place, stored: StoredTable, given: Record) -> None:
    """A partition outside its table's folder needs rights on its location, as a table does."""
    home = stored.current.get("StorageDescriptor", {}).get("Location", "").rstrip("/")
    uri = given.get("StorageDescriptor", {}).get("Location", "")
    if uri and not (home and f"{uri}/".startswith(f"{home}/")):
        place.world.lakeformation.authorize_location(request.caller, place.catalog, uri)


def add_partition(place: Place, name: str, stored: StoredTable, given: Record) -> Record:
    """Put a partition into a table; the caller's right is checked before."""
    keys = stored.current.get("PartitionKeys", [])
    values = tuple(given.get("Values", []))
    if len(values) != len(keys):
        raise AwsError(
            "InvalidInputException", "The number of partition keys do not match the number of partition values"
        )
    if values in stored.partitions:
        raise AwsError("AlreadyExistsException", "Partition already exists.")
    record = {
        **given,
        "DatabaseName": place.name,
        "TableName": name,
        "CatalogId": place.catalog,
        "CreationTime": place.world.now(),
    }
    stored.partitions[values] = record
    return record


def _table(request: Request, permission: str) -> tuple[Place, str, StoredTable]:
    place = database_place(request, request.params["DatabaseName"])
    place, name, stored = followed_table(request, place, request.params["TableName"])
    place.world.lakeformation.authorize(request.caller, permission, Table(place.catalog, place.name, name))
    return place, name, stored


def _partition(stored: StoredTable, values: tuple[str, ...]) -> Record:
    if values not in stored.partitions:
        raise AwsError("EntityNotFoundException", f"Partition with values {list(values)} not found.")
    return stored.partitions[values]


def _failed(values: list[str], error: AwsError) -> Record:
    return {"PartitionValues": values, "ErrorDetail": {"ErrorCode": error.code, "ErrorMessage": error.message}}
