"""GetDataLakeSettings, PutDataLakeSettings and GetDataLakePrincipal."""

from __future__ import annotations

import time
from copy import deepcopy
from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.core.world import World
from reconciler.sandbox.services.lakeformation.defaults import FRESH, OPEN
from reconciler.sandbox.services.lakeformation.grant_authority import refusal
from reconciler.sandbox.services.lakeformation.principals import check_exists, parsed
from reconciler.sandbox.services.lakeformation.requests import catalog_id

VERSION = "CROSS_ACCOUNT_VERSION"
_SWITCHES = ("SET_SOURCE_IDENTITY", "SET_CONTEXT")


@operation(honours="CatalogId")
def get_data_lake_settings(request: Request) -> Params:
    _check_own(request)
    return {"DataLakeSettings": deepcopy(request.world.lakeformation.settings(request.caller.account))}


@operation(honours="CatalogId DataLakeSettings")
def put_data_lake_settings(request: Request) -> Params:
    """Replace the settings as a whole; what is left out falls back to a fresh account's, defaults to none.

    InvalidInputException: an administrator who does not exist, a default other than ALL for everyone, an
    unknown parameter, a cross-account version below 5 after 5 (optimize-ram).
    """
    _check_own(request)
    lake = request.world.lakeformation.lake(request.caller.account)
    given: dict[str, Any] = deepcopy(request.params["DataLakeSettings"])
    empty: Params = {"CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": []}
    settings = deepcopy(FRESH) | empty | {k: v for k, v in given.items() if v is not None}
    settings["Parameters"] = {VERSION: "1"} | (given.get("Parameters") or {})
    for role in ("DataLakeAdmins", "ReadOnlyAdmins"):
        for admin in settings[role]:
            _check_admin(request.world, admin.get("DataLakePrincipalIdentifier", ""), request.caller.account)
    for default in ("CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions"):
        if settings[default] not in ([], OPEN):
            raise AwsError("InvalidInputException", f"{default} must be empty or ALL for IAM_ALLOWED_PRINCIPALS.")
    _check_parameters(settings["Parameters"], lake.version())
    for principal in {each["DataLakePrincipalIdentifier"] for each in settings["DataLakeAdmins"]} - {*lake.admins()}:
        lake.promoted[principal] = time.monotonic()
    lake.settings = settings
    return {}


@operation()
def get_data_lake_principal(request: Request) -> Params:
    return {"Identity": request.caller.arn}


def _check_own(request: Request) -> None:
    if catalog_id(request.params.get("CatalogId"), request.caller.account) != request.caller.account:
        raise refusal()


def _check_admin(world: World, identifier: str, account: str) -> None:
    kind, owner = parsed(identifier)
    if kind not in ("iam", "federated") or owner != account:
        raise AwsError("InvalidInputException", f"Invalid principal, principal: {identifier}")
    check_exists(world, identifier, account)


def _check_parameters(parameters: dict[str, str], before: int) -> None:
    if unknown := [name for name in parameters if name not in (VERSION, *_SWITCHES)]:
        message = f"Valid Parameters Keys are: [{', '.join((VERSION, *_SWITCHES))}], but found: [{', '.join(unknown)}] "
        raise AwsError("InvalidInputException", message)
    for name, value in parameters.items():
        accepted = ("1", "2", "3", "4", "5") if name == VERSION else ("TRUE", "FALSE") if name in _SWITCHES else ()
        if value not in accepted:
            raise AwsError("InvalidInputException", f"Invalid value for parameter {name}: {value}")
    if before == 5 and parameters[VERSION] != "5":
        raise AwsError("InvalidInputException", "Downgrading from cross account version 5 is not supported.")
