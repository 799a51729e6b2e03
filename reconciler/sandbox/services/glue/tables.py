"""Tables are created, changed and deleted."""

from __future__ import annotations

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.glue.arns import on_table
from reconciler.sandbox.services.glue.events import database_changed, table_changed
from reconciler.sandbox.services.glue.places import Place, database_place, followed_table, missing_table
from reconciler.sandbox.services.glue.state import Record, StoredTable
from reconciler.sandbox.services.lakeformation.resources import Database, Table

_REFUSED = "TableInput.FederatedTable"


@operation(honours="CatalogId DatabaseName TableInput", refuses=_REFUSED, resources=on_table("TableInput", "Name"))
def create_table(request: Request) -> Params:
    """Create a table or a link to one; through a database link in the target database (API_CreateTable)."""
    if "TableInput" not in request.params:
        raise AwsError("InvalidInputException", "TableInput is required")
    place = database_place(request, request.params["DatabaseName"])
    place.world.lakeformation.authorize(request.caller, "CREATE_TABLE", Database(place.catalog, place.name))
    store_table(request.caller, place, request.params["TableInput"])
    database_changed(
        place.world, place.catalog, place.name, "CreateTable", [request.params["TableInput"]["Name"].lower()]
    )
    return {}


def store_table(caller: Caller, place: Place, given: Record) -> Record:
    """Put a new table into a database and make the grants that come with it; the table.

    The caller's right to create it is checked before; his right to its location is checked here.
    """
    record = _record(given, place)
    name = record["Name"]
    tables = place.world.glue.account(place.catalog).tables.setdefault(place.name, {})
    if name in tables:
        raise AwsError("AlreadyExistsException", "Table already exists.")
    if "TargetTable" in record and place.linked:
        raise AwsError("InvalidInputException", "A table link cannot be created through a database link")
    if location := _location(record):
        place.world.lakeformation.authorize_location(caller, place.catalog, location, place.name)
    now = place.world.now()
    record |= {"CreateTime": now, "UpdateTime": now, "CreatedBy": caller.arn, "VersionId": "0"}
    tables[name] = StoredTable(record, [record])
    place.world.lakeformation.created(caller, place.catalog, place.name, name)
    return record


@operation(
    honours="CatalogId DatabaseName TableInput SkipArchive VersionId",
    refuses=_REFUSED,
    resources=on_table("TableInput", "Name"),
)
def update_table(request: Request) -> Params:
    """Replace the properties of a table; through a link those of the target (API_UpdateTable).

    ConcurrentModificationException: VersionId is given and is not the table's current version.
    """
    params = request.params
    if "TableInput" not in params:
        raise AwsError("InvalidInputException", "TableInput is required")
    place = database_place(request, params["DatabaseName"])
    asked = params["TableInput"]["Name"].lower()
    place, name, stored = followed_table(request, place, asked)
    # ALTER is no permission on a view (lf-permissions-reference).
    needed = "ALL" if stored.current.get("TableType") == "VIRTUAL_VIEW" else "ALTER"
    place.world.lakeformation.authorize(request.caller, needed, Table(place.catalog, place.name, name))
    if "VersionId" in params and params["VersionId"] != stored.current["VersionId"]:
        raise AwsError("ConcurrentModificationException", "Update table failed due to concurrent modifications.")
    given = {**params["TableInput"], "Name": name}
    if "TargetTable" in given and name != asked:
        del given["TargetTable"]
    replace_table(request.caller, place, stored, given, archive=not params.get("SkipArchive", False))
    table_changed(place.world, place.catalog, place.name, name, "UpdateTable")
    return {}


def replace_table(caller: Caller, place: Place, stored: StoredTable, given: Record, *, archive: bool = True) -> None:
    """Give a table new properties and a new version; the old one is kept if `archive`."""
    old = stored.current
    record = _record(given, place)
    if ("TargetTable" in record) != ("TargetTable" in old):
        raise AwsError("InvalidInputException", "A table and a resource link cannot become each other")
    location = _location(record)
    if location and location != _location(old):
        place.world.lakeformation.authorize_location(caller, place.catalog, location, place.name)
    record |= {
        "CreateTime": old["CreateTime"],
        "CreatedBy": old["CreatedBy"],
        "UpdateTime": place.world.now(),
        "VersionId": str(int(old["VersionId"]) + 1),
    }
    stored.current = record
    if not archive:
        stored.versions.pop()
    stored.versions.append(record)


@operation(honours="CatalogId DatabaseName Name", resources=on_table("Name"))
def delete_table(request: Request) -> Params:
    """Delete a table or a table link; through a database link the target database's table (API_DeleteTable)."""
    place = database_place(request, request.params["DatabaseName"])
    name = request.params["Name"].lower()
    drop_table(request.caller, place, name)
    database_changed(place.world, place.catalog, place.name, "DeleteTable", [name])
    return {}


@operation(honours="CatalogId DatabaseName TablesToDelete", resources=on_table())
def batch_delete_table(request: Request) -> Params:
    """Delete up to 100 tables; what could not be deleted is told in Errors (API_BatchDeleteTable)."""
    place = database_place(request, request.params["DatabaseName"])
    errors, deleted = [], []
    for position, given in enumerate(request.params["TablesToDelete"]):
        name = given.lower()
        try:
            if position in request.entry_faults:
                raise request.entry_faults[position]
            drop_table(request.caller, place, name)
            deleted.append(name)
        except AwsError as error:
            detail = {"ErrorCode": error.code, "ErrorMessage": error.message}
            errors.append({"TableName": given, "ErrorDetail": detail})
    if deleted:
        database_changed(place.world, place.catalog, place.name, "BatchDeleteTable", deleted)
    return {"Errors": errors}


def drop_table(caller: Caller, place: Place, name: str) -> None:
    """Remove a table, or a table link without its target.

    EntityNotFoundException: there is none. AccessDeniedException: no DROP on it.
    """
    tables = place.world.glue.account(place.catalog).tables.get(place.name, {})
    if name not in tables:
        raise missing_table(name)
    place.world.lakeformation.authorize(caller, "DROP", Table(place.catalog, place.name, name))
    del tables[name]
    place.world.lakeformation.dropped(place.catalog, place.name, name)


def _record(given: Record, place: Place) -> Record:
    record = {**given, "DatabaseName": place.name, "CatalogId": place.catalog}
    record["Name"] = record["Name"].lower()
    record.setdefault("Retention", 0)
    if "ViewDefinition" in record:
        record["IsMultiDialectView"] = True
    if target := record.get("TargetTable"):
        if not {"DatabaseName", "Name"} <= target.keys():
            raise AwsError("InvalidInputException", "A resource link needs the database and the name of its target")
        record["TargetTable"] = {
            **target,
            "CatalogId": target.get("CatalogId", place.catalog),
            "DatabaseName": target["DatabaseName"].lower(),
            "Name": target["Name"].lower(),
        }
    return record


def _location(record: Record) -> str:
    return str(record.get("StorageDescriptor", {}).get("Location") or "")
