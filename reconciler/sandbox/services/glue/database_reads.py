"""Databases are read."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.core.world import World
from reconciler.sandbox.services.glue.arns import catalog_of, on_catalog, on_database
from reconciler.sandbox.services.glue.pages import page
from reconciler.sandbox.services.glue.places import Place, insufficient, missing_database, target_place
from reconciler.sandbox.services.glue.state import Record

#: What a link shows of its target (resource-links-glue-apis).
_TARGETS = ("Description", "LocationUri", "Parameters", "CreateTableDefaultPermissions")


@operation(honours="CatalogId Name", resources=on_database("Name"))
def get_database(request: Request) -> Params:
    """A database; a link shows its target's properties to those who may see the target (API_GetDatabase)."""
    world, catalog, name = request.world, catalog_of(request), request.params["Name"].lower()
    record = world.glue.database(catalog, name)
    seen = world.lakeformation.sees_database(request.caller, catalog, name)
    if record is None or (not seen and catalog != request.caller.account):
        raise missing_database(request, Place(world, catalog, name))
    if not seen:
        raise insufficient("Describe", name)
    return {"Database": shown(world, request.caller, record)}


@operation(honours="CatalogId NextToken MaxResults ResourceShareType AttributesToGet", resources=on_catalog)
def get_databases(request: Request) -> Params:
    """The databases that the caller sees, 100 a page (API_GetDatabases).

    Those shared by other accounts only with ResourceShareType FOREIGN or ALL; links only without it or ALL.
    """
    world, caller, catalog = request.world, request.caller, catalog_of(request)
    kind = request.params.get("ResourceShareType")
    if kind == "FEDERATED":
        raise request.not_simulated("with ResourceShareType FEDERATED")
    found: list[Record] = [] if kind == "FOREIGN" else list(world.glue.databases(catalog))
    if kind in ("FOREIGN", "ALL"):
        if catalog != caller.account:
            raise AwsError("InvalidInputException", "ResourceShareType is for the caller's own catalog")
        found.extend(foreign_databases(world, caller))
    visible = (d for d in found if world.lakeformation.sees_database(caller, d["CatalogId"], d["Name"]))
    chosen, token = page(visible, request.params, lambda d: _key(catalog, d))
    databases = [shown(world, caller, record) for record in chosen]
    if wanted := request.params.get("AttributesToGet"):
        members = {"NAME": "Name", "TARGET_DATABASE": "TargetDatabase"}
        if unknown := [name for name in wanted if name not in members]:
            raise request.not_simulated(f"with AttributesToGet {unknown[0]}")
        keep = {"Name", *(members[name] for name in wanted)}
        databases = [{k: v for k, v in d.items() if k in keep} for d in databases]
    return {"DatabaseList": databases, "NextToken": token}


def shown(world: World, caller: Caller, record: Record) -> Record:
    """A database as a caller is told it: a link with the properties of the target, if he sees it."""
    if "TargetDatabase" not in record:
        return record
    target = target_place(world, record)
    found = target.record
    if found is None or not target.world.lakeformation.sees_database(caller, target.catalog, target.name):
        return record
    return {**record, **{k: found[k] for k in _TARGETS if k in found}}


def foreign_databases(world: World, caller: Caller) -> Iterator[Record]:
    """The databases of all other accounts, links left out; whether the caller sees them is asked apart."""
    for catalog in world.glue.catalogs():
        if catalog != caller.account:
            yield from (d for d in world.glue.databases(catalog) if "TargetDatabase" not in d)


def _key(own: str, record: Record) -> str:
    """The caller's own databases first, then by catalog and name."""
    catalog = record["CatalogId"]
    return f"{'' if catalog == own else catalog}/{record['Name']}"
