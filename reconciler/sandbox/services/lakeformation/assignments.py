"""LF-tags on resources: add, remove, read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.lakeformation import existence
from reconciler.sandbox.services.lakeformation.assigned import tagged_places
from reconciler.sandbox.services.lakeformation.grant_authority import associates, may_grant, refusal
from reconciler.sandbox.services.lakeformation.grantor_rights import require_glue
from reconciler.sandbox.services.lakeformation.lake import Place
from reconciler.sandbox.services.lakeformation.requests import catalog_id
from reconciler.sandbox.services.lakeformation.resources import Columns, Database, Resource, Table

MOST = 50
"""LF-tags on one resource (lf-tag-considerations)."""

NEEDED: dict[type, set[str]] = {
    Database: {"ALTER", "CREATE_TABLE", "DROP"},
    Table: {"SELECT", "INSERT", "DELETE", "ALTER", "DROP"},
}
"""With these, each with grant option, or with ALL, others than admins may tag (TBAC-assigning-tags)."""


@operation(honours="CatalogId Resource LFTags")
def add_lf_tags_to_resource(request: Request) -> Params:
    """Put tags on a resource; a key that is there takes the new value. What fails is told in `Failures`."""
    lf, caller = request.world.lakeformation, request.caller
    if any(len(set(tag["TagValues"])) != 1 or "*" in tag["TagValues"] for tag in request.params["LFTags"]):
        message = "Tag value wild card was found or input tag value list has size not equal to 1"
        raise AwsError("InvalidInputException", message)
    resource, places = _taggable(request)
    lake = lf.lake(caller.account)

    def add(key: str, values: list[str]) -> None:
        existence.check_expression(lf, caller.account, ((key, tuple(values)),))
        if not associates(lf, caller, caller.account, key, values[0]):
            raise AwsError(
                "AccessDeniedException", f"Insufficient Lake Formation permission(s): Required Associate on {key}"
            )
        if any(key not in lake.assigned.get(p, {}) and len(lake.assigned.get(p, {})) >= MOST for p in places):
            raise AwsError("InvalidInputException", f"More than {MOST} LF-tags on a resource.")
        for place in places:
            lake.assigned.setdefault(place, {})[key] = values[0]

    lf.writers.write([("tagged", resource)])
    return {"Failures": _each(request, add)}


@operation(honours="CatalogId Resource LFTags")
def remove_lf_tags_from_resource(request: Request) -> Params:
    """Take assigned tags away; inherited values show again. What fails is told in `Failures`."""
    lf, caller = request.world.lakeformation, request.caller
    resource, places = _taggable(request)
    lake = lf.lake(caller.account)

    def remove(key: str, values: list[str]) -> None:
        if any(lake.assigned.get(place, {}).get(key) not in values for place in places):
            raise AwsError("EntityNotFoundException", f"LF-tag {key} with this value is not assigned to the resource.")
        if not all(associates(lf, caller, caller.account, key, value) for value in values):
            raise AwsError(
                "AccessDeniedException", f"Insufficient Lake Formation permission(s): Required Associate on {key}"
            )
        for place in places:
            del lake.assigned[place][key]

    lf.writers.write([("tagged", resource)])
    return {"Failures": _each(request, remove)}


def _taggable(request: Request) -> tuple[Resource, list[Place]]:
    """The places, if they lie in the caller's account and he may tag there."""
    lf, caller = request.world.lakeformation, request.caller
    resource, places = tagged_places(request)
    require_glue(lf, caller, resource)
    owned: Resource = resource
    if isinstance(resource, Columns):
        owned = Table(resource.catalog, resource.database, resource.table)
    if resource.catalog != caller.account or not may_grant(lf, caller, owned, NEEDED[type(owned)]):
        raise refusal()
    return resource, places


def _each(request: Request, work: Callable[[str, list[str]], None]) -> list[Params]:
    failures: list[Params] = []
    for tag in request.params["LFTags"]:
        try:
            if catalog_id(tag.get("CatalogId"), request.caller.account) != request.caller.account:
                raise AwsError("InvalidInputException", "LF-tag and resource must be in the same account.")
            work(tag["TagKey"].lower(), list(dict.fromkeys(v.lower() for v in tag["TagValues"])))
        except AwsError as error:
            told: dict[str, Any] = {"ErrorCode": error.code, "ErrorMessage": error.message}
            failures.append({"LFTag": tag, "Error": told})
    return failures
