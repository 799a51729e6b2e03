"""The account's default catalog."""

from __future__ import annotations

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.glue.arns import arns, catalog_arn, on_catalog


@operation(honours="CatalogId", resources=lambda r: arns(r.region, r.params["CatalogId"][:12]))
def get_catalog(request: Request) -> Params:
    """The default catalog of the caller's account; there are no others here (API_GetCatalog)."""
    if request.params["CatalogId"] != request.caller.account:
        raise AwsError("EntityNotFoundException", f"Catalog {request.params['CatalogId']} not found.")
    return {"Catalog": _catalog(request)}


@operation(honours="ParentCatalogId NextToken MaxResults Recursive IncludeRoot", resources=on_catalog)
def get_catalogs(request: Request) -> Params:
    """The catalogs below the default one, none, and the default one if it is asked for (API_GetCatalogs)."""
    return {"CatalogList": [_catalog(request)] if request.params.get("IncludeRoot") else []}


@operation(honours="CatalogId", resources=on_catalog)
def get_data_catalog_encryption_settings(_: Request) -> Params:
    """Of a fresh account, since nothing here encrypts a catalog (API_GetDataCatalogEncryptionSettings)."""
    return {
        "DataCatalogEncryptionSettings": {
            "EncryptionAtRest": {"CatalogEncryptionMode": "DISABLED"},
            "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": False},
        }
    }


def _catalog(request: Request) -> Params:
    account = request.caller.account
    settings = request.world.lakeformation.settings(account)
    return {
        "CatalogId": account,
        "Name": account,
        "ResourceArn": catalog_arn(request.region, account),
        "CreateDatabaseDefaultPermissions": settings.get("CreateDatabaseDefaultPermissions", []),
        "CreateTableDefaultPermissions": settings.get("CreateTableDefaultPermissions", []),
    }
