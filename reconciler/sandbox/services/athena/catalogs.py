"""Athena's view of the Data Catalog: one data catalog, its databases and tables."""

from __future__ import annotations

from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.core.service_registry import operations
from reconciler.sandbox.http.protocol.models import snake
from reconciler.sandbox.services.athena.state import Record
from reconciler.sandbox.services.iam.authorize import authorize

_CATALOG = "AwsDataCatalog"


def _on_catalog(request: Request) -> list[str]:
    name = request.params.get("CatalogName") or request.params.get("Name") or _CATALOG
    return [f"arn:aws:athena:{request.region}:{request.caller.account}:datacatalog/{name}"]


@operation(honours="NextToken MaxResults")
def list_data_catalogs(_request: Request) -> Params:
    """The one data catalog that every account has (API_ListDataCatalogs)."""
    summary = {"CatalogName": _CATALOG, "Type": "GLUE", "Status": "CREATE_COMPLETE"}
    return {"DataCatalogsSummary": [summary]}


@operation(honours="Name", resources=_on_catalog)
def get_data_catalog(request: Request) -> Params:
    """The data catalog AwsDataCatalog (API_GetDataCatalog)."""
    _require(request.params["Name"])
    parameters = {"catalog-id": request.caller.account}
    return {"DataCatalog": {"Name": _CATALOG, "Type": "GLUE", "Parameters": parameters}}


@operation(honours="CatalogName DatabaseName", resources=_on_catalog)
def get_database(request: Request) -> Params:
    """A database (API_GetDatabase)."""
    _require(request.params["CatalogName"])
    return {"Database": _database(_glue(request, "GetDatabase", {"Name": request.params["DatabaseName"]})["Database"])}


@operation(honours="CatalogName NextToken MaxResults", resources=_on_catalog)
def list_databases(request: Request) -> Params:
    """The databases that the caller sees, 50 a page (API_ListDatabases)."""
    _require(request.params["CatalogName"])
    answer = _glue(request, "GetDatabases", _paging(request))
    return {"DatabaseList": [_database(d) for d in answer["DatabaseList"]], "NextToken": answer.get("NextToken")}


@operation(honours="CatalogName DatabaseName TableName", resources=_on_catalog)
def get_table_metadata(request: Request) -> Params:
    """A table with the columns that the caller may see (API_GetTableMetadata)."""
    _require(request.params["CatalogName"])
    params = {"DatabaseName": request.params["DatabaseName"], "Name": request.params["TableName"]}
    return {"TableMetadata": _table(_glue(request, "GetTable", params)["Table"])}


@operation(honours="CatalogName DatabaseName Expression NextToken MaxResults", resources=_on_catalog)
def list_table_metadata(request: Request) -> Params:
    """The tables that the caller sees, 50 a page (API_ListTableMetadata)."""
    _require(request.params["CatalogName"])
    params = {"DatabaseName": request.params["DatabaseName"], **_paging(request)}
    if expression := request.params.get("Expression"):
        params["Expression"] = expression
    answer = _glue(request, "GetTables", params)
    return {"TableMetadataList": [_table(t) for t in answer["TableList"]], "NextToken": answer.get("NextToken")}


def _require(catalog: str) -> None:
    if catalog.lower() != _CATALOG.lower():
        raise AwsError("InvalidRequestException", f"Data catalog {catalog} is not found")


def _paging(request: Request) -> Params:
    size = {"MaxResults": min(request.params.get("MaxResults", 50), 50)}
    return size | ({"NextToken": request.params["NextToken"]} if request.params.get("NextToken") else {})


def _glue(request: Request, name: str, params: Params) -> Params:
    """A call of Glue in the caller's name. MetadataException: Glue refuses it, in Glue's words."""
    declared = operations("glue")[snake(name)]
    call = Request(request.world, request.caller, request.region, "glue", name, params)
    try:
        authorize(call, declared)
        return declared.handler(call)
    except AwsError as error:
        raise AwsError("MetadataException", f"{error.message} (Service: AWSGlue; Error Code: {error.code})") from error


def _database(record: Record) -> Record:
    return {k: record[k] for k in ("Name", "Description", "Parameters") if k in record}


def _table(record: Record) -> Record:
    def columns(found: list[Record]) -> list[dict[str, Any]]:
        return [{k: c[k] for k in ("Name", "Type", "Comment") if k in c} for c in found]

    told: Record = {
        k: record[k] for k in ("Name", "CreateTime", "LastAccessTime", "TableType", "Parameters") if k in record
    }
    storage = record.get("StorageDescriptor", {})
    return {
        **told,
        "Columns": columns(storage.get("Columns", [])),
        "PartitionKeys": columns(record.get("PartitionKeys", [])),
    }
