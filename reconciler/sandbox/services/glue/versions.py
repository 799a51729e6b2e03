"""Table versions."""

from __future__ import annotations

from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.glue.arns import on_table
from reconciler.sandbox.services.glue.pages import page
from reconciler.sandbox.services.glue.places import Place, database_place, followed_table
from reconciler.sandbox.services.glue.state import Record, StoredTable
from reconciler.sandbox.services.glue.table_reads import visible
from reconciler.sandbox.services.lakeformation.resources import Table


@operation(honours="CatalogId DatabaseName TableName NextToken MaxResults", resources=on_table("TableName"))
def get_table_versions(request: Request) -> Params:
    """The versions of a table, the newest first (API_GetTableVersions)."""
    place, _, stored = _table(request)
    newest = sorted(stored.versions, key=_key)
    chosen, token = page(newest, request.params, _key)
    return {"TableVersions": [_shown(request, place, v) for v in chosen], "NextToken": token}


@operation(honours="CatalogId DatabaseName TableName VersionId", resources=on_table("TableName"))
def get_table_version(request: Request) -> Params:
    """One version of a table, the newest if none is named (API_GetTableVersion)."""
    place, _, stored = _table(request)
    wanted = request.params.get("VersionId", stored.current["VersionId"])
    return {"TableVersion": _shown(request, place, _version(stored, wanted))}


@operation(honours="CatalogId DatabaseName TableName VersionId", resources=on_table("TableName"))
def delete_table_version(request: Request) -> Params:
    """Forget an old version of a table (API_DeleteTableVersion)."""
    place, name, stored = _table(request)
    place.world.lakeformation.authorize(request.caller, "ALTER", Table(place.catalog, place.name, name))
    version = _version(stored, request.params["VersionId"])
    if version is stored.current:
        raise AwsError("InvalidInputException", "The current version of a table cannot be deleted")
    stored.versions.remove(version)
    return {}


def _table(request: Request) -> tuple[Place, str, StoredTable]:
    place = database_place(request, request.params["DatabaseName"])
    return followed_table(request, place, request.params["TableName"])


def _version(stored: StoredTable, version: Any) -> Record:
    found = next((v for v in stored.versions if v["VersionId"] == version), None)
    if found is None:
        raise AwsError("EntityNotFoundException", f"version {version} not found.")
    return found


def _shown(request: Request, place: Place, record: Record) -> Record:
    return {"Table": visible(request.caller, place, record), "VersionId": record["VersionId"]}


def _key(record: Record) -> str:
    """Sorts the newest first, since pages go by rising keys."""
    return f"{10**9 - int(record['VersionId']):010d}"
