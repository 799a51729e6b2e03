"""Tables are read."""

from __future__ import annotations

import re

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.glue.arns import arns, on_table
from reconciler.sandbox.services.glue.pages import page
from reconciler.sandbox.services.glue.places import Place, database_place, insufficient, stored_table, table_target
from reconciler.sandbox.services.glue.state import Record
from reconciler.sandbox.services.iam.authorize import require

#: What stays the link's own when a table link shows its target.
_OF_LINK = ("Name", "DatabaseName", "CatalogId", "TargetTable", "CreateTime", "UpdateTime", "CreatedBy", "VersionId")


@operation(honours="CatalogId DatabaseName Name AttributesToGet", resources=on_table("Name"))
def get_table(request: Request) -> Params:
    """A table with the columns that the caller may see; a table link shows its target (API_GetTable).

    Only this operation tells IsRegisteredWithLakeFormation rightly (lake-formation-limitations).
    """
    place = database_place(request, request.params["DatabaseName"])
    found = stored_table(request, place, request.params["Name"]).current
    record = visible(request.caller, place, found)
    registered = place
    if "TargetTable" in found and not place.linked:
        target, name = table_target(place.world, found)
        resources = arns(target.world.region, target.catalog, target.name, name)
        require(request.world, request.caller, "glue:GetTable", resources, request.region)
        if not _sees(request.caller, target, name):
            raise insufficient("Describe", name)
        record = _through(request.caller, place, found)
        registered = target
    location = record.get("StorageDescriptor", {}).get("Location")
    is_registered = bool(location) and registered.world.lakeformation.is_registered(registered.catalog, location)
    return {"Table": _attributes(request, {**record, "IsRegisteredWithLakeFormation": is_registered})}


@operation(
    honours="CatalogId DatabaseName Expression NextToken MaxResults ResourceShareType AttributesToGet",
    resources=on_table(),
)
def get_tables(request: Request) -> Params:
    """The tables of a database that the caller sees, 100 a page (API_GetTables).

    Through a database link the target's tables, table links among them not followed; in a local database every
    table link shows its target.
    """
    place = database_place(request, request.params["DatabaseName"])
    if request.params.get("ResourceShareType") == "FEDERATED":
        raise request.not_simulated("with ResourceShareType FEDERATED")
    tables = place.world.glue.tables(place.catalog, place.name)
    if pattern := request.params.get("Expression"):
        matches = _expression(pattern)
        tables = [t for t in tables if matches.fullmatch(t["Name"])]
    seen = (t for t in tables if _sees(request.caller, place, t["Name"]))
    chosen, token = page(seen, request.params, lambda t: t["Name"])
    shown = [visible(request.caller, place, t) if place.linked else _through(request.caller, place, t) for t in chosen]
    listed = [_attributes(request, {**t, "IsRegisteredWithLakeFormation": False}) for t in shown]
    return {"TableList": listed, "NextToken": token}


def visible(caller: Caller, place: Place, record: Record) -> Record:
    """A table with the columns that a caller may see; partition keys are never hidden."""
    names = place.world.lakeformation.visible_columns(caller, place.catalog, place.name, record["Name"])
    storage = record.get("StorageDescriptor")
    if names is None or not storage:
        return record
    columns = [c for c in storage.get("Columns", []) if c["Name"].lower() in names]
    return {**record, "StorageDescriptor": {**storage, "Columns": columns}}


def _through(caller: Caller, place: Place, record: Record) -> Record:
    """A table, or what a table link shows: its target under the link's name, if the caller sees the target."""
    if "TargetTable" not in record:
        return visible(caller, place, record)
    target, name = table_target(place.world, record)
    found = target.world.glue.table(target.catalog, target.name, name)
    if found is None or not _sees(caller, target, name):
        return record
    return {**visible(caller, target, found), **{k: record[k] for k in _OF_LINK}}


def _sees(caller: Caller, place: Place, name: str) -> bool:
    return bool(place.world.lakeformation.sees_table(caller, place.catalog, place.name, name))


def _expression(pattern: str) -> re.Pattern[str]:
    """GetTables' Expression: a regular expression; a lone `*` is taken for any text, as in Hive."""
    try:
        return re.compile(pattern)
    except re.error:
        try:
            return re.compile(re.sub(r"(?<!\.)\*", ".*", pattern))
        except re.error as error:
            raise AwsError("InvalidInputException", f"Expression {pattern} is not valid") from error


def _attributes(request: Request, record: Record) -> Record:
    wanted = request.params.get("AttributesToGet")
    if not wanted:
        return record
    members = {"NAME": "Name", "TABLE_TYPE": "TableType"}
    if unknown := [name for name in wanted if name not in members]:
        raise request.not_simulated(f"with AttributesToGet {unknown[0]}")
    keep = {"Name", *(members[name] for name in wanted)}
    return {k: v for k, v in record.items() if k in keep}
