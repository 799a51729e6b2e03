"""LF-tags as a caller sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.lakeformation.grant_authority import refusal
from reconciler.sandbox.services.lakeformation.grant_sources import sources
from reconciler.sandbox.services.lakeformation.grants import Row
from reconciler.sandbox.services.lakeformation.principals import caller_identities
from reconciler.sandbox.services.lakeformation.requests import catalog_id
from reconciler.sandbox.services.lakeformation.resources import ANY_VALUE, Anchor, Tag

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.store import Store


@operation(honours="CatalogId TagKey")
def get_lf_tag(request: Request) -> Params:
    lf = request.world.lakeformation
    catalog, key = catalog_id(request.params.get("CatalogId"), request.caller.account), request.params["TagKey"].lower()
    values = visible_values(lf, request.caller, catalog, key)
    if not values:
        raise _missing(lf, request.caller, catalog, key)
    return {"CatalogId": catalog, "TagKey": key, "TagValues": values}


@operation(honours="CatalogId ResourceShareType MaxResults NextToken")
def list_lf_tags(request: Request) -> Params:
    """The tags that the caller may see: those of a catalog, or (ALL, FOREIGN) also or only shared ones."""
    lf, caller, params = request.world.lakeformation, request.caller, request.params
    own = catalog_id(params.get("CatalogId"), caller.account)
    kind = params.get("ResourceShareType")
    catalogs = [] if kind == "FOREIGN" else [own]
    if kind in ("ALL", "FOREIGN"):
        names = (*lf.receivers(caller.account), *caller_identities(caller))
        shared = {row.resource.catalog for name in names for row in lf.grants.of(name) if isinstance(row.resource, Tag)}
        catalogs += sorted(shared - {own, caller.account})
    found = [
        {"CatalogId": catalog, "TagKey": key, "TagValues": values}
        for catalog in catalogs
        for key in sorted(lf.lake(catalog).tags)
        if (values := visible_values(lf, caller, catalog, key))
    ]
    page, token = lf.pages.page(
        found, params.get("NextToken"), params.get("MaxResults"), most=1000, invalid="InvalidInputException"
    )
    return {"LFTags": page} | ({"NextToken": token} if token else {})


def visible_values(lf: Store, caller: Caller, catalog: str, key: str) -> list[str]:
    """The values of a tag that the caller sees: all for admins at home, else those he holds something on."""
    values = lf.lake(catalog).tags.get(key, [])
    if catalog == caller.account and lf.reads_all(caller):
        return list(values)
    found = sources(lf, caller.principal, catalog, everyone=False)

    def held(rows: Callable[[Anchor], Iterator[Row]] | None) -> set[str]:
        tags = rows(("tag", catalog, key)) if rows else ()
        named = {row.resource.value for row in tags if isinstance(row.resource, Tag)}
        return set(values) if ANY_VALUE in named else named

    shown = held(found.direct)
    shown |= held(found.scope) if lf.reads_all(caller) else held(found.scope) & held(found.local)
    return [v for v in values if v in shown]


def _missing(lf: Store, caller: Caller, catalog: str, key: str) -> AwsError:
    if catalog == caller.account and lf.reads_all(caller):
        return AwsError("EntityNotFoundException", f"Tag key {key} does not exist.")
    return refusal()
