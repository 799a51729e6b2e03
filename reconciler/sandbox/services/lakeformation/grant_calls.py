"""GrantPermissions, RevokePermissions and their batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.lakeformation.granting import Wish, grant, revoke, wish

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.store import Store

MOST_ENTRIES = 20


@operation(honours="CatalogId Principal Resource Permissions PermissionsWithGrantOption Condition")
def grant_permissions(request: Request) -> Params:
    asked = wish(request.params, request.params.get("CatalogId"), request.caller)
    grant(request.world.lakeformation, request.caller, asked)
    return {}


@operation(honours="CatalogId Principal Resource Permissions PermissionsWithGrantOption Condition")
def revoke_permissions(request: Request) -> Params:
    asked = wish(request.params, request.params.get("CatalogId"), request.caller)
    revoke(request.world.lakeformation, request.caller, asked)
    return {}


@operation(
    honours="CatalogId Entries.Id Entries.Principal Entries.Resource Entries.Permissions "
    "Entries.PermissionsWithGrantOption Entries.Condition"
)
def batch_grant_permissions(request: Request) -> Params:
    return _each(request, grant)


@operation(
    honours="CatalogId Entries.Id Entries.Principal Entries.Resource Entries.Permissions "
    "Entries.PermissionsWithGrantOption Entries.Condition"
)
def batch_revoke_permissions(request: Request) -> Params:
    return _each(request, revoke)


def _each(request: Request, work: Callable[[Store, Caller, Wish], None]) -> Params:
    """Do the entries one by one; those that fail are told in `Failures`, the others stay done.

    InvalidInputException: more than 20 entries, or two with one Id.
    """
    entries: list[dict[str, Any]] = request.params["Entries"]
    if len(entries) > MOST_ENTRIES:
        raise AwsError("InvalidInputException", f"Batch request exceeds the maximum of {MOST_ENTRIES} entries.")
    if len({entry["Id"] for entry in entries}) < len(entries):
        raise AwsError("InvalidInputException", "The entries of a batch need different Ids.")
    asked = [_read(entry, request) for entry in entries]
    failures = []
    for position, entry in enumerate(entries):
        error = request.entry_faults.get(position) or _tried(work, request, asked[position])
        if error is not None:
            told = {"ErrorCode": error.code, "ErrorMessage": error.message}
            failures.append({"RequestEntry": entry, "Error": told})
    return {"Failures": failures}


def _read(entry: dict[str, Any], request: Request) -> Wish | AwsError:
    """The wish of an entry, or why it is none. What is not simulated fails the batch before any effect."""
    try:
        return wish(entry, request.params.get("CatalogId"), request.caller)
    except AwsError as error:
        if error.code == "NotImplemented":
            raise
        return error


def _tried(work: Callable[[Store, Caller, Wish], None], request: Request, asked: Wish | AwsError) -> AwsError | None:
    if isinstance(asked, AwsError):
        return asked
    try:
        work(request.world.lakeformation, request.caller, asked)
    except AwsError as error:
        return error
    return None
