"""LF-tags as such: create, read, change, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.lakeformation.grant_authority import refusal
from reconciler.sandbox.services.lakeformation.permissions import TAG_KEY, TAG_VALUE, split
from reconciler.sandbox.services.lakeformation.principals import caller_identities
from reconciler.sandbox.services.lakeformation.requests import catalog_id
from reconciler.sandbox.services.lakeformation.resources import ANY_VALUE, Catalog, Tag

if TYPE_CHECKING:
    pass

MOST = 1000
"""LF-tags in an account, and values of a tag (lf-tag-considerations)."""


@operation(honours="CatalogId TagKey TagValues")
def create_lf_tag(request: Request) -> Params:
    """Create a tag; its creator may do everything with it (TBAC-adding-tag-creator)."""
    lf, caller = request.world.lakeformation, request.caller
    check_own(request)
    lf.authorize(caller, "CREATE_LF_TAG", Catalog(caller.account))
    key, values = request.params["TagKey"].lower(), lowered(request.params["TagValues"])
    tags = lf.lake(caller.account).tags
    if key in tags:
        raise AwsError("InvalidInputException", f"Tag key {key} already exists.")
    if len(tags) >= MOST:
        raise AwsError("ResourceNumberLimitExceededException", f"More than {MOST} LF-tags.")
    tags[key] = values
    for piece, held in split(Tag(caller.account, key, ANY_VALUE), set(TAG_KEY | TAG_VALUE)):
        row = lf.grants.row(caller.account, caller.principal, piece)
        everything = held | (row.permissions if row else set())
        now, by = request.world.now(), caller.principal
        lf.grants.grant(caller.account, by, piece, everything, everything, at=now, by=by)
    return {}


@operation(honours="CatalogId TagKey TagValuesToDelete TagValuesToAdd")
def update_lf_tag(request: Request) -> Params:
    """Add and delete values. InvalidInputException: a value to delete is on a resource."""
    lf, caller, params = request.world.lakeformation, request.caller, request.params
    key = _changeable(request, "ALTER")
    lake = lf.lake(caller.account)
    gone, new = lowered(params.get("TagValuesToDelete") or []), lowered(params.get("TagValuesToAdd") or [])
    if not (gone or new) or set(gone) & set(new):
        raise AwsError("InvalidInputException", "Name values to add or values to delete, and none in both.")
    unknown = [v for v in gone if v not in lake.tags[key]]
    if unknown:
        raise AwsError("EntityNotFoundException", f"Tag value {unknown[0]} of key {key} does not exist.")
    if any(tags.get(key) in gone for tags in lake.assigned.values()):
        raise AwsError("InvalidInputException", "Update not allowed. Untag first: the value is on a resource.")
    values = [v for v in lake.tags[key] if v not in gone]
    values = sorted({*values, *new})
    if len(values) > MOST:
        raise AwsError("InvalidInputException", f"More than {MOST} values.")
    lf.writers.write([("tag", caller.account, key)])
    lake.tags[key] = values
    return {}


@operation(honours="CatalogId TagKey")
def delete_lf_tag(request: Request) -> Params:
    """Delete a tag unasked: resources lose it, and policies with it match nothing any more."""
    lf, caller = request.world.lakeformation, request.caller
    key = _changeable(request, "DROP")
    lake = lf.lake(caller.account)
    del lake.tags[key]
    for tags in lake.assigned.values():
        tags.pop(key, None)
    for row in lf.grants.at(("tag", caller.account, key)):
        lf.grants.drop(row)
    return {}


def lowered(values: list[str]) -> list[str]:
    """Values in lower case, each once, in their order."""
    return sorted({v.lower() for v in values})


def check_own(request: Request) -> None:
    """Tags and expressions are made in one's own account only."""
    if catalog_id(request.params.get("CatalogId"), request.caller.account) != request.caller.account:
        raise refusal()


def _changeable(request: Request, permission: str) -> str:
    """The key of a tag that exists and that the caller may alter or drop."""
    check_own(request)
    lf, caller = request.world.lakeformation, request.caller
    key: str = request.params["TagKey"].lower()
    held = lf.grants.held(caller_identities(caller), ("tag", caller.account, key))
    if not lf.administers(caller) and not any(permission in row.permissions for row in held):
        raise refusal()
    if key not in lf.lake(caller.account).tags:
        raise AwsError("EntityNotFoundException", f"Tag key {key} does not exist.")
    return key
