"""Databases are created, changed and deleted."""

from __future__ import annotations

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.glue.arns import arns, catalog_of, database_arn, on_database
from reconciler.sandbox.services.glue.events import database_changed
from reconciler.sandbox.services.glue.places import Place, database_place, missing_database
from reconciler.sandbox.services.glue.state import Record
from reconciler.sandbox.services.lakeformation.resources import Catalog, Database


@operation(
    honours="CatalogId DatabaseInput Tags",
    refuses="DatabaseInput.FederatedDatabase",
    resources=lambda r: arns(r.region, catalog_of(r), r.params["DatabaseInput"]["Name"].lower()),
)
def create_database(request: Request) -> Params:
    """Create a database or a link to one; the target of a link need not exist (API_CreateDatabase).

    Without CreateTableDefaultPermissions in the input the database takes those of the data lake settings.
    """
    world, catalog = request.world, catalog_of(request)
    record = _record(request, catalog)
    name = record["Name"]
    world.lakeformation.authorize(request.caller, "CREATE_DATABASE", Catalog(catalog))
    if location := record.get("LocationUri"):
        world.lakeformation.authorize_location(request.caller, catalog, location)
    account = world.glue.account(catalog)
    if name in account.databases:
        raise AwsError("AlreadyExistsException", "Database already exists.")
    if "TargetDatabase" not in record:
        default = world.lakeformation.settings(catalog).get("CreateTableDefaultPermissions", [])
        record.setdefault("CreateTableDefaultPermissions", default)
    record["CreateTime"] = world.now()
    account.databases[name] = record
    if tags := request.params.get("Tags"):
        account.tags[database_arn(request.region, catalog, name)] = dict(tags)
    world.lakeformation.created(request.caller, catalog, name)
    database_changed(world, catalog, name, "CreateDatabase")
    return {}


@operation(
    honours="CatalogId Name DatabaseInput",
    refuses="DatabaseInput.FederatedDatabase",
    resources=on_database("Name"),
)
def update_database(request: Request) -> Params:
    """Replace the properties of a database; through a link those of the target (API_UpdateDatabase)."""
    name = request.params["Name"].lower()
    link = request.world.glue.database(catalog_of(request), name) or {}
    place = database_place(request, name)
    old = place.record
    assert old is not None
    record = _record(request, place.catalog)
    if target := record.pop("TargetDatabase", None):
        if target != link.get("TargetDatabase"):
            raise AwsError("InvalidInputException", "The target of a resource link cannot be changed")
        record["Name"] = place.name
    if place.linked and record["Name"] == name:
        record["Name"] = place.name
    if record["Name"] != place.name:
        raise AwsError("InvalidInputException", "The database cannot be renamed")
    place.world.lakeformation.authorize(request.caller, "ALTER", Database(place.catalog, place.name))
    location = record.get("LocationUri")
    if location and location != old.get("LocationUri"):
        place.world.lakeformation.authorize_location(request.caller, place.catalog, location)
    record["CreateTime"] = old["CreateTime"]
    place.world.glue.account(place.catalog).databases[place.name] = record
    database_changed(place.world, place.catalog, place.name, "UpdateDatabase")
    return {}


@operation(honours="CatalogId Name", resources=on_database("Name"))
def delete_database(request: Request) -> Params:
    """Delete a database with its tables, or a link without its target (API_DeleteDatabase)."""
    world, catalog, name = request.world, catalog_of(request), request.params["Name"].lower()
    account = world.glue.account(catalog)
    if name not in account.databases:
        raise missing_database(request, Place(world, catalog, name))
    world.lakeformation.authorize(request.caller, "DROP", Database(catalog, name))
    del account.databases[name]
    account.tables.pop(name, None)
    account.tags.pop(database_arn(request.region, catalog, name), None)
    world.lakeformation.dropped(catalog, name)
    database_changed(world, catalog, name, "DeleteDatabase")
    return {}


def _record(request: Request, catalog: str) -> Record:
    record = {**request.params["DatabaseInput"], "CatalogId": catalog}
    record["Name"] = record["Name"].lower()
    if target := record.get("TargetDatabase"):
        if "DatabaseName" not in target:
            raise AwsError("InvalidInputException", "A resource link needs the name of its target database")
        if "LocationUri" in record:
            raise AwsError("InvalidInputException", "A resource link has no location")
        record["TargetDatabase"] = {
            "CatalogId": target.get("CatalogId", catalog),
            "DatabaseName": target["DatabaseName"].lower(),
            **({"Region": target["Region"]} if "Region" in target else {}),
        }
    return record
