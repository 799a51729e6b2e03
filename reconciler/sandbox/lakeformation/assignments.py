"""LF-tags on resources: add, remove, read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.errors import AwsError
from reconciler.sandbox.lakeformation import existence
from reconciler.sandbox.lakeformation.entitlement import associates, may_grant, refusal
from reconciler.sandbox.lakeformation.lake import Lake, Place
from reconciler.sandbox.lakeformation.resources import Columns, Database, Resource, Table
from reconciler.sandbox.lakeformation.shapes import catalog_id, resources
from reconciler.sandbox.service import Caller, Params, Request, operation

if TYPE_CHECKING:
    from reconciler.sandbox.lakeformation.state import LakeFormation

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
    resource, places = _taggable(request)
    lake = lf.lake(caller.account)

    def add(key: str, values: list[str]) -> None:
        if len(values) != 1:
            raise AwsError("InvalidInputException", "A resource takes one value of an LF-tag.")
        existence.check_expression(lf, caller.account, ((key, tuple(values)),))
        if not associates(lf, caller, caller.account, key, values[0]):
            raise AwsError(
                "AccessDeniedException", f"Insufficient Lake Formation permission(s): Required Associate on {key}"
            )
        if any(key not in lake.assigned.get(p, {}) and len(lake.assigned.get(p, {})) >= MOST for p in places):
            raise AwsError("InvalidInputException", f"More than {MOST} LF-tags on a resource.")
        for place in places:
            lake.assigned.setdefault(place, {})[key] = values[0]

    lf.turns.take([("tagged", resource)])
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

    lf.turns.take([("tagged", resource)])
    return {"Failures": _each(request, remove)}


@operation(honours="CatalogId Resource ShowAssignedLFTags")
def get_resource_lf_tags(request: Request) -> Params:
    """The tags of a database, a table with its columns, or columns: effective ones, or only those assigned."""
    lf, caller = request.world.lakeformation, request.caller
    resource, places = _places(request)
    if not _sees(lf, caller, resource):
        raise refusal()
    lake = lf.lake(resource.catalog)
    assigned = bool(request.params.get("ShowAssignedLFTags"))
    answer: Params = {"LFTagOnDatabase": pairs(lake, places[0][:1], assigned=assigned)}
    if len(places[0]) > 1:
        answer["LFTagsOnTable"] = pairs(lake, places[0][:2], assigned=assigned)
        answer["LFTagsOnColumns"] = column_pairs(lf, lake, places, assigned=assigned)
    return {name: value for name, value in answer.items() if value}


def pairs(lake: Lake, place: Place, *, assigned: bool) -> list[Params]:
    """A place's tags as LFTagPairs."""
    tags = lake.assigned.get(place, {}) if assigned else lake.tags_of(*place)
    return [{"CatalogId": lake.account, "TagKey": k, "TagValues": [tags[k]]} for k in sorted(tags)]


def column_pairs(lf: LakeFormation, lake: Lake, places: list[Place], *, assigned: bool) -> list[Params]:
    """The tags of the named columns, or of all columns of a table."""
    database, table = places[0][:2]
    columns, keys = lf.world.glue.columns(lake.account, database, table)
    named = [place[2] for place in places if len(place) == 3] or [*columns, *keys]
    found = [{"Name": c, "LFTags": pairs(lake, (database, table, c), assigned=assigned)} for c in named]
    return [column for column in found if column["LFTags"]]


def _places(request: Request) -> tuple[Resource, list[Place]]:
    """The resource of a tag request and where its tags are kept."""
    lf, caller = request.world.lakeformation, request.caller
    catalog = catalog_id(request.params.get("CatalogId"), caller.account)
    resource = resources(request.params["Resource"], catalog)[0]
    try:
        existence.check(lf, caller.account, resource, set())
    except AwsError as absent:
        if resource.catalog == caller.account:
            raise
        raise refusal() from absent
    match resource:
        case Database(_, name):
            return resource, [(name,)]
        case Table(_, database, str(name)):
            return resource, [(database, name)]
        case Columns(_, database, str(table), include) if include:
            return resource, [(database, table, column) for column in include]
        case _:
            raise AwsError("InvalidInputException", "LF-tags are for databases, tables and named columns.")


def _taggable(request: Request) -> tuple[Resource, list[Place]]:
    """The places, if they lie in the caller's account and he may tag there."""
    lf, caller = request.world.lakeformation, request.caller
    resource, places = _places(request)
    owned: Resource = resource
    if isinstance(resource, Columns):
        owned = Table(resource.catalog, resource.database, resource.table)
    if resource.catalog != caller.account or not may_grant(lf, caller, owned, NEEDED[type(owned)]):
        raise refusal()
    return resource, places


def _sees(lf: LakeFormation, caller: Caller, resource: Resource) -> bool:
    match resource:
        case Database(catalog, name):
            return lf.sees_database(caller, catalog, name)
        case Table(catalog, database, str(name)) | Columns(catalog, database, str(name)):
            return lf.sees_table(caller, catalog, database, name)
        case _:
            return False


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
