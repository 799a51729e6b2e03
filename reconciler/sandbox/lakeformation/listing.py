"""ListPermissions: explicit rows, or with a principal and a resource what they come to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.errors import AwsError
from reconciler.sandbox.lakeformation import existence
from reconciler.sandbox.lakeformation.effective import effective
from reconciler.sandbox.lakeformation.entitlement import refusal
from reconciler.sandbox.lakeformation.grants import Row
from reconciler.sandbox.lakeformation.permissions import ordered
from reconciler.sandbox.lakeformation.principals import caller_identities, canonical, parsed
from reconciler.sandbox.lakeformation.resources import (
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
from reconciler.sandbox.lakeformation.shapes import catalog_id, resources, shape
from reconciler.sandbox.service import Caller, Params, Request, operation

if TYPE_CHECKING:
    from reconciler.sandbox.lakeformation.state import LakeFormation

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
    """Without a resource the explicit rows of a catalog, with Principal and Resource effective permissions.

    A consumer lists the catalog of an owner by its CatalogId: the grants that it received, and made.
    InvalidInputException: Resource is TableWithColumns; IncludeRelated with a principal or without a table.
    """
    lf, params = request.world.lakeformation, request.params
    found: list[Params] | None = None
    if not params.get("NextToken"):
        found = _found(lf, request.caller, params)
    page, token = lf.pages.page(
        found, params.get("NextToken"), params.get("MaxResults"), most=1000, invalid="InvalidInputException"
    )
    return {"PrincipalResourcePermissions": page} | ({"NextToken": token} if token else {})


def _found(lf: LakeFormation, caller: Caller, params: Params) -> list[Params]:
    principal = canonical((params.get("Principal") or {}).get("DataLakePrincipalIdentifier") or "") or None
    resource = _asked(lf, caller, params)
    related = params.get("IncludeRelated", "").upper() == "TRUE"
    if related and (principal or not isinstance(resource, Table)):
        raise AwsError("InvalidInputException", "IncludeRelated needs a table resource, and no principal.")
    if principal:
        parsed(principal)
        if resource is None:
            raise AwsError("InvalidInputException", "Resource is mandatory if Principal is set in the input.")
        return effective(lf, caller, principal, resource)
    if resource is not None:
        catalog = resource.catalog
        rows: Iterable[Row] = (r for r in lf.grants.at(anchors(resource)[0]) if _about(r.resource, resource, related))
    else:
        catalog = catalog_id(params.get("CatalogId"), caller.account)
        rows = (r for r in lf.grants.on(catalog) if _unasked(lf, r.resource))
    rows = (r for r in rows if _of_type(r.resource, params.get("ResourceType")))
    return shown(lf, caller, catalog, rows)


def _asked(lf: LakeFormation, caller: Caller, params: Params) -> Resource | None:
    if not params.get("Resource"):
        return None
    named = resources(params["Resource"], catalog_id(params.get("CatalogId"), caller.account))
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


def _about(row: Resource, asked: Resource, related: bool) -> bool:
    """A table's listing has its columns too, and its filters if they are asked for; a tag's all its values."""
    match asked:
        case Table():
            return isinstance(row, Table | Columns) or (related and isinstance(row, CellsFilter))
        case Tag():
            return isinstance(row, Tag)
        case _:
            return row == asked


def _unasked(lf: LakeFormation, resource: Resource) -> bool:
    return lf.lists_filters_unasked or not isinstance(resource, CellsFilter)


def _of_type(resource: Resource, wanted: str | None) -> bool:
    """LF_TAG_POLICY gives only the policies on databases (seen by users of the AWS SDK for JavaScript)."""
    if wanted is None:
        return True
    if isinstance(resource, Policy):
        kinds = {"LF_TAG_POLICY": "DATABASE", "LF_TAG_POLICY_DATABASE": "DATABASE", "LF_TAG_POLICY_TABLE": "TABLE"}
        return kinds.get(wanted) == resource.kind
    return isinstance(resource, _TYPES.get(wanted, ()))


def shown(lf: LakeFormation, caller: Caller, catalog: str, rows: Iterable[Row]) -> list[Params]:
    """Rows as the caller may see them, the values of an LF-tag that share their permissions in one row."""
    entries: dict[Any, tuple[Row, set[str], set[str], list[str]]] = {}
    for row in rows:
        held = _visible(lf, caller, catalog, row)
        if not held:
            continue
        grantable = row.grantable & held
        match row.resource:
            case Tag(_, key, value):
                same = (row.grantor, row.principal, key, frozenset(held), frozenset(grantable))
                entries.setdefault(same, (row, held, grantable, []))[3].append(value)
            case _:
                entries[row.key] = (row, held, grantable, [])
    return [_entry(*entry) for entry in entries.values()]


def _entry(row: Row, held: set[str], grantable: set[str], values: list[str]) -> Params:
    entry: Params = {
        "Principal": {"DataLakePrincipalIdentifier": row.principal},
        "Resource": shape(row.resource, values),
        "Permissions": ordered(held),
        "PermissionsWithGrantOption": ordered(grantable),
        "LastUpdated": row.updated,
        "LastUpdatedBy": row.by,
    }
    return entry | ({"AdditionalDetails": {"ResourceShare": [row.share]}} if row.share else {})


def _visible(lf: LakeFormation, caller: Caller, catalog: str, row: Row) -> set[str]:
    """The permissions of a row that the caller is shown.

    In his account an admin sees every row that the account made; elsewhere those made for his account and
    by it. Others see their own rows, and of others' those permissions that they hold themselves.
    """
    mine = row.principal in caller_identities(caller)
    if catalog != caller.account:
        received = row.principal in lf.receivers(caller.account)
        if row.grantor == catalog and not mine and not (received and lf.reads_all(caller)):
            return set()
        if row.grantor == catalog and not lf.carried(row, caller.account):
            return set()
    if row.grantor not in (catalog, caller.account) or (catalog == caller.account and row.grantor != catalog):
        return set()
    if mine or lf.reads_all(caller):
        return set(row.permissions)
    own = lf.grants.held(caller_identities(caller), anchors(row.resource)[0])
    held: set[str] = set().union(*(r.permissions for r in own if r.resource == row.resource))
    return set(row.permissions) if "ALL" in held else row.permissions & held
