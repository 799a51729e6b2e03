"""The tables behind the names of a query, with what the reader may see of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.core.trail import Event
from reconciler.sandbox.services.athena.failure import NO_PRIVILEGE, QueryFailed, insufficient, table_not_found
from reconciler.sandbox.services.athena.files.load import parts
from reconciler.sandbox.services.athena.view_text import ViewText, view_text
from reconciler.sandbox.services.glue.arns import arns
from reconciler.sandbox.services.glue.places import Place, database_place, followed_table
from reconciler.sandbox.services.glue.state import StoredTable
from reconciler.sandbox.services.iam.authorize import require
from reconciler.sandbox.services.lakeformation.access import ReadAccess
from reconciler.sandbox.services.lakeformation.nested import Fields
from reconciler.sandbox.shared.s3_objects import require_read


@dataclass(frozen=True, slots=True)
class Source:
    """What a query may read: a table's objects, or `rows` that lie nowhere, with the engine's types.

    `columns` are those shown, with the predicate of each cell (None: always); `fields` of those of which only some
    fields are shown, with the type of the column. `view`: the text of a view instead.
    """

    columns: dict[str, str | None]
    row_filter: str | None = None
    table: StoredTable | None = None
    rows: tuple[tuple[Any, ...], ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    view: ViewText | None = None
    fields: Mapping[str, tuple[str, Fields]] = field(default_factory=dict)


def source(request: Request, database: str, table: str, position: str, catalog: str | None = None) -> Source:
    """The table that a reader means by `database.table` of a catalog, links followed, with what he may read.

    He needs glue:GetDatabase and glue:GetTable by IAM, to see the link and the target by Lake Formation and
    SELECT on the target; where Lake Formation governs the table also lakeformation:GetDataAccess
    (access-control-underlying-data), otherwise his own rights in S3.
    """
    account = catalog or request.caller.account
    params = {"DatabaseName": database, "CatalogId": account}
    look = Request(request.world, request.caller, request.region, "glue", "GetTable", params)
    try:
        require(request.world, request.caller, "glue:GetDatabase", arns(request.region, account, database))
        require(request.world, request.caller, "glue:GetTable", arns(request.region, account, database, table))
        place = database_place(look, database)
        place, name, stored = followed_table(look, place, table)
    except AwsError as error:
        if error.code == "EntityNotFoundException":
            if "Database" in error.message:
                raise QueryFailed(f"SCHEMA_NOT_FOUND: {position}: Schema '{database}' does not exist") from error
            raise table_not_found(position, database, table) from error
        of_iam = "is not authorized to perform" in error.message
        raise insufficient(error.message if of_iam else NO_PRIVILEGE) from error
    access = place.world.lakeformation.read_access(request.caller.principal, place.catalog, place.name, name)
    if access.verdict == "denied":
        raise insufficient(f"Insufficient Lake Formation permission(s): Required Select on {name}")
    if stored.current.get("TableType") == "VIRTUAL_VIEW":
        names = [column["Name"].lower() for column in _all(stored)]
        if access.verdict == "enforced" and (access.row_filter or {*access.columns.values()} - {None}):
            raise request.not_simulated(f"with a data filter on the view {database}.{table}")
        if access.verdict == "enforced" and set(names) - set(access.columns):
            raise request.not_simulated(f"with some columns of the view {database}.{table}")
        return Source(dict.fromkeys(names), view=view_text(request, stored.current))
    types = {column["Name"].lower(): column.get("Type") or "string" for column in _all(stored)}
    fields = {column: (types[column], shown) for column, shown in access.fields.items()}
    return Source(_columns(request, place, stored, access), access.row_filter, stored, fields=fields)


def _columns(request: Request, place: Place, stored: StoredTable, access: ReadAccess) -> dict[str, str | None]:
    names = [c["Name"].lower() for c in _all(stored) if not _is_of_an_earlier_schema(c)]
    if access.verdict == "enforced":
        try:
            require(request.world, request.caller, "lakeformation:GetDataAccess", ["*"], request.region)
        except AwsError as error:
            raise insufficient(error.message) from error
        _tell(request, place, stored)
    for uri in {stored.current.get("StorageDescriptor", {}).get("Location", ""), *(uri for uri, _ in parts(stored))}:
        _require_objects(request, place, uri, governed=access.verdict == "enforced")
    if access.verdict == "open":
        return dict.fromkeys(names)
    return {name: access.columns[name] for name in names if name in access.columns}


def _tell(request: Request, place: Place, stored: StoredTable) -> None:
    """The engine asks Lake Formation for the files on the reader's behalf: CloudTrail's GetDataAccess.

    https://docs.aws.amazon.com/lake-formation/latest/dg/logging-using-cloudtrail.html
    """
    world, caller = request.world, request.caller
    name = f"{place.name}/{stored.current['Name']}"
    asked = {"TableArn": f"arn:aws:glue:{request.region}:{place.catalog}:table/{name}", "DurationSeconds": 3600}
    more = {
        "requesterService": "ATHENA",
        "lakeFormationPrincipal": caller.principal,
        "lakeFormationRoleSessionName": f"AWSLF-00-AT-{caller.account}-{world.uuid()[:10]}",
    }
    world.trail.append(
        Event(world.uuid(), request.region, "lakeformation", "GetDataAccess", world.now(), caller, asked, "", more)
    )


def _require_objects(request: Request, place: Place, uri: str, *, governed: bool) -> None:
    """The objects are read with the role that their location is registered with, otherwise with the reader's rights."""
    registered = place.world.lakeformation.registration(place.catalog, uri) if governed else None
    try:
        require_read(request.world, registered.reader if registered else request.caller, uri)
    except ValueError as error:
        raise QueryFailed(f"HIVE_METASTORE_ERROR: {uri or 'a table without location'} is no place in S3") from error
    except AwsError as error:
        told = error.message if "kms:" in error.message else f"Permission denied on S3 path: {uri}"
        raise QueryFailed(f"PERMISSION_DENIED: {told}") from error


def _is_of_an_earlier_schema(column: dict[str, Any]) -> bool:
    """Whether Iceberg's writers have left a column in Glue that the current schema has no more."""
    return bool(column.get("Parameters", {}).get("iceberg.field.current") == "false")


def _all(stored: StoredTable) -> list[dict[str, Any]]:
    record = stored.current
    return [*record.get("StorageDescriptor", {}).get("Columns", []), *record.get("PartitionKeys", [])]
