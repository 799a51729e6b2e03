"""Groups and users: made, taken away, and their ids by name."""

from __future__ import annotations

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request


@operation(honours="IdentityStoreId DisplayName Description")
def create_group(request: Request) -> Params:
    """A group (API_CreateGroup)."""
    return _made(request, "group", "DisplayName")


@operation(honours="IdentityStoreId UserName DisplayName Name Emails")
def create_user(request: Request) -> Params:
    """A user (API_CreateUser)."""
    return _made(request, "user", "UserName")


@operation(honours="IdentityStoreId GroupId")
def delete_group(request: Request) -> Params:
    """A group goes (API_DeleteGroup)."""
    store = request.world.identitystore
    store.require(request.params["IdentityStoreId"])
    store.remove("group", request.params["GroupId"])
    return {}


@operation(honours="IdentityStoreId AlternateIdentifier.UniqueAttribute")
def get_group_id(request: Request) -> Params:
    """The id by display name, the only path of a group (API_GetGroupId)."""
    return _found(request, "group", "displayName")


@operation(honours="IdentityStoreId AlternateIdentifier.UniqueAttribute")
def get_user_id(request: Request) -> Params:
    """The id by user name (API_GetUserId); by emails.value is not simulated."""
    return _found(request, "user", "userName")


def _made(request: Request, sort: str, field: str) -> Params:
    params, store = request.params, request.world.identitystore
    store.require(params["IdentityStoreId"])
    if not params.get(field):
        raise AwsError("ValidationException", f"{field} is needed")
    return _answer(request, sort, store.add(sort, params[field]))


def _found(request: Request, sort: str, path: str) -> Params:
    params, store = request.params, request.world.identitystore
    store.require(params["IdentityStoreId"])
    known_by = params["AlternateIdentifier"]["UniqueAttribute"]
    if known_by["AttributePath"].lower() != path.lower():
        raise request.not_simulated(f"with {known_by['AttributePath']}")
    return _answer(request, sort, store.found(sort, known_by["AttributeValue"]))


def _answer(request: Request, sort: str, found: str) -> Params:
    name = sort.capitalize()
    arn = f"arn:aws:identitystore:::{sort}/{found}"
    return {"IdentityStoreId": request.params["IdentityStoreId"], f"{name}Id": found, f"{name}Arn": arn}
