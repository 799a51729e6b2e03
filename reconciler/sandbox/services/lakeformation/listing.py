"""ListPermissions: explicit rows; of a principal without any on the resource, what his permissions come to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.lakeformation import existence
from reconciler.sandbox.services.lakeformation.effective import effective, tells_of
from reconciler.sandbox.services.lakeformation.grant_authority import refusal
from reconciler.sandbox.services.lakeformation.grants import Row
from reconciler.sandbox.services.lakeformation.permissions import ordered, valid
from reconciler.sandbox.services.lakeformation.principals import EVERYONE, canonical, parsed
from reconciler.sandbox.services.lakeformation.requests import catalog_id, resources
from reconciler.sandbox.services.lakeformation.resources import (
    ANY_VALUE,
    Catalog,
    CellsFilter,
    Columns,
    Database,
    Location,
    Policy,
    Resource,
    SavedExpression,
    Table,
    Tag,
    anchors,
)
from reconciler.sandbox.services.lakeformation.rows import Reader

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.store import Store

_TYPES: dict[str, tuple[type, ...]] = {
    "CATALOG": (Catalog,),
    "DATABASE": (Database,),
    "TABLE": (Table, Columns),
    "DATA_LOCATION": (Location,),
    "LF_TAG": (Tag,),
    "LF_NAMED_TAG_EXPRESSION": (SavedExpression,),
}


@operation(honours="CatalogId Principal ResourceType Resource NextToken MaxResults IncludeRelated")
def list_permissions(request: Request) -> Params:
    """The explicit rows of a catalog, or of a resource.

    With a principal his own rows on the resource, and where he has none what his permissions on it come to: so
    Terraform's acceptance tests meet it (terraform-provider-aws, internal/service/lakeformation).
    A consumer lists the catalog of an owner by its CatalogId: the grants that it received, and made.
    InvalidInputException: Resource is TableWithColumns; IncludeRelated with a principal or without a table.
    """
    lf, params, caller = request.world.lakeformation, request.params, request.caller
    principal = canonical((params.get("Principal") or {}).get("DataLakePrincipalIdentifier") or "") or None
    resource = _asked(lf, caller, params)
    _check(params, principal, resource)
    catalog = resource.catalog if resource else catalog_id(params.get("CatalogId"), caller.account)
    reader = Reader(lf, caller, catalog)
    found: list[Any] | None = None
    if principal and resource:
        found = _of_principal(lf, reader, params, principal, resource)
    elif resource is None and catalog != caller.account and lf.world.beliefs["listing-abroad"] != "rows":
        if lf.world.beliefs["listing-abroad"] == "denied":
            raise refusal()
        found = []
    elif not params.get("NextToken"):
        rows = _rows(lf, params, catalog, resource)
        found = reader.entries(rows if resource else _by_catalog(lf, rows, catalog, caller.account))
        if resource and not found and catalog != caller.account:
            raise refusal()
    page, token = lf.pages.page(
        found, params.get("NextToken"), params.get("MaxResults"), most=1000, invalid="InvalidInputException"
    )
    shown = page if principal else reader.shown(page)
    return {"PrincipalResourcePermissions": shown} | ({"NextToken": token} if token else {})


def _of_principal(lf: Store, reader: Reader, params: Params, principal: str, resource: Resource) -> list[Params]:
    if not tells_of(lf, reader.caller, principal, resource):
        return []
    named = {r.value for r in _named(params, reader.caller) if isinstance(r, Tag)}
    rows = [row for row in _rows(lf, params, resource.catalog, resource) if row.principal == principal]
    asked = [r for r in rows if not isinstance(r.resource, Tag) or r.resource.value in {*named, ANY_VALUE}]
    found = reader.shown(reader.entries(asked))
    if principal != EVERYONE and lf.world.beliefs["all-of-a-principal"] == "expanded":
        for row, entry in zip(found, reader.entries(asked), strict=True):
            row["Permissions"] = ordered(_spelt_out(row["Permissions"], entry.rows[0].resource))
    return found or effective(lf, principal, resource)


def _spelt_out(permissions: list[str], resource: Resource) -> set[str]:
    return {*permissions, *(valid(resource) if "ALL" in permissions else ())}


def _check(params: Params, principal: str | None, resource: Resource | None) -> None:
    related = params.get("IncludeRelated", "").upper() == "TRUE"
    if related and (principal or not isinstance(resource, Table)):
        raise AwsError("InvalidInputException", "IncludeRelated needs a table resource, and no principal.")
    if principal and resource is None:
        raise AwsError("InvalidInputException", "Resource is mandatory if Principal is set in the input.")
    if principal:
        parsed(principal)


def _rows(lf: Store, params: Params, catalog: str, resource: Resource | None) -> Iterator[Row]:
    """The explicit rows of a catalog or of one resource, narrowed to a type."""
    related = params.get("IncludeRelated", "").upper() == "TRUE"
    kind = params.get("ResourceType")
    rows = lf.grants.on(catalog) if resource is None else lf.grants.at(anchors(resource)[0])
    for row in rows:
        about = _unasked(lf, row.resource) if resource is None else _about(row.resource, resource, related)
        if about and _of_type(row.resource, kind):
            yield row


def _by_catalog(lf: Store, rows: Iterator[Row], catalog: str, account: str) -> Iterator[Row]:
    """What an account passed on of another's catalog is listed under that one, or under its own."""
    if lf.world.beliefs["passed-on-under-which-catalog"] == "central":
        yield from rows
    elif catalog != account:
        yield from (row for row in rows if row.grantor != account)
    else:
        yield from rows
        yield from (row for row in lf.grants.by(account) if row.resource.catalog != account)


def _asked(lf: Store, caller: Caller, params: Params) -> Resource | None:
    if not params.get("Resource"):
        return None
    named = _named(params, caller)
    if isinstance(named[0], Columns):
        message = "Listing permissions of TableWithColumns is not supported. List those of the table."
        raise AwsError("InvalidInputException", message)
    try:
        existence.check(lf, caller.account, named[0], set())
    except AwsError as absent:
        if named[0].catalog == caller.account and lf.reads_all(caller):
            raise
        raise refusal() from absent
    return named[0]


def _named(params: Params, caller: Caller) -> list[Resource]:
    return resources(params["Resource"], catalog_id(params.get("CatalogId"), caller.account))


def _about(row: Resource, asked: Resource, related: bool) -> bool:
    """A table's listing has its columns too, and its filters if they are asked for; a tag's all its values."""
    match asked:
        case Table():
            return isinstance(row, Table | Columns) or (related and isinstance(row, CellsFilter))
        case Tag():
            return isinstance(row, Tag)
        case _:
            return row == asked


def _unasked(lf: Store, resource: Resource) -> bool:
    return lf.world.beliefs["filters-in-listings"] == "yes" or not isinstance(resource, CellsFilter)


def _of_type(resource: Resource, wanted: str | None) -> bool:
    """LF_TAG_POLICY gives only the policies on databases (seen by users of the AWS SDK for JavaScript)."""
    if wanted is None:
        return True
    if isinstance(resource, Policy):
        kinds = {"LF_TAG_POLICY": "DATABASE", "LF_TAG_POLICY_DATABASE": "DATABASE", "LF_TAG_POLICY_TABLE": "TABLE"}
        return kinds.get(wanted) == resource.kind
    return isinstance(resource, _TYPES.get(wanted, ()))
