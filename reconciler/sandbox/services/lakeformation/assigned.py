"""LF-tags on resources: where they are kept, and reading them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.lakeformation import existence
from reconciler.sandbox.services.lakeformation.grant_authority import refusal
from reconciler.sandbox.services.lakeformation.lake import Lake, Place
from reconciler.sandbox.services.lakeformation.requests import catalog_id, resources
from reconciler.sandbox.services.lakeformation.resources import Columns, Database, Resource, Table
from reconciler.sandbox.services.lakeformation.visibility import sees_database, sees_table

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.store import Store


@operation(honours="CatalogId Resource ShowAssignedLFTags")
def get_resource_lf_tags(request: Request) -> Params:
    """The tags of a database, a table with its columns, or columns: effective ones, or only those assigned."""
    lf, caller = request.world.lakeformation, request.caller
    resource, places = tagged_places(request)
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


def column_pairs(lf: Store, lake: Lake, places: list[Place], *, assigned: bool) -> list[Params]:
    """The tags of the named columns, or of all columns of a table."""
    database, table = places[0][:2]
    columns, keys = lf.world.glue.columns(lake.account, database, table)
    named = [place[2] for place in places if len(place) == 3] or [*columns, *keys]
    found = [{"Name": c, "LFTags": pairs(lake, (database, table, c), assigned=assigned)} for c in named]
    return [column for column in found if column["LFTags"]]


def tagged_places(request: Request) -> tuple[Resource, list[Place]]:
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


def _sees(lf: Store, caller: Caller, resource: Resource) -> bool:
    match resource:
        case Database(catalog, name):
            return sees_database(lf, caller, catalog, name)
        case Table(catalog, database, str(name)) | Columns(catalog, database, str(name)):
            return sees_table(lf, caller, catalog, database, name)
        case _:
            return False
