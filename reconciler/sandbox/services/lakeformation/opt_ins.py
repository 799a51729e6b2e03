"""Opt-ins of hybrid access mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.lakeformation import existence
from reconciler.sandbox.services.lakeformation.cross_account_checks import external
from reconciler.sandbox.services.lakeformation.grant_authority import refusal
from reconciler.sandbox.services.lakeformation.lake import OptIn
from reconciler.sandbox.services.lakeformation.principals import EVERYONE, canonical, check_exists, parsed
from reconciler.sandbox.services.lakeformation.requests import resources
from reconciler.sandbox.services.lakeformation.resources import Database, Resource, Table
from reconciler.sandbox.services.lakeformation.shapes import shape

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.lake import Lake


@operation(honours="Principal Resource")
def create_lake_formation_opt_in(request: Request) -> Params:
    """Let Lake Formation decide for a principal on a database, a table or all tables; again is no error."""
    principal, resource = _named(request)
    lf, caller = request.world.lakeformation, request.caller
    check_exists(request.world, principal, caller.account)
    existence.check(lf, caller.account, resource, set())
    lake = _lake(request)
    made = OptIn(principal, resource, request.world.now(), caller.principal)
    lake.opt_ins.setdefault((principal, resource), made)
    return {}


@operation(honours="Principal Resource")
def delete_lake_formation_opt_in(request: Request) -> Params:
    principal, resource = _named(request)
    if _lake(request).opt_ins.pop((principal, resource), None) is None:
        raise AwsError("EntityNotFoundException", "The opt-in does not exist.")
    return {}


@operation(honours="Principal Resource MaxResults NextToken")
def list_lake_formation_opt_ins(request: Request) -> Params:
    """The opt-ins that the caller's account made; for administrators and read-only administrators."""
    lf, caller, params = request.world.lakeformation, request.caller, request.params
    if not lf.reads_all(caller):
        raise refusal()
    identifier = (params.get("Principal") or {}).get("DataLakePrincipalIdentifier")
    if identifier and external(identifier, caller.account):
        # Seen of AWS, which accepts the same principal in CreateLakeFormationOptIn: terraform-provider-aws#49106.
        raise AwsError("InvalidInputException", f"Invalid principal, principal: {identifier}")
    asked = resources(params["Resource"], caller.account)[0] if params.get("Resource") else None
    found = [
        {
            "Resource": shape(made.resource),
            "Principal": {"DataLakePrincipalIdentifier": made.principal},
            "LastModified": made.modified,
            "LastUpdatedBy": made.by,
        }
        for made in _lake(request).opt_ins.values()
        if identifier in (None, made.principal) and asked in (None, made.resource)
    ]
    page, token = lf.pages.page(
        found, params.get("NextToken"), params.get("MaxResults"), most=1000, invalid="InvalidInputException"
    )
    return {"LakeFormationOptInsInfoList": page} | ({"NextToken": token} if token else {})


def _lake(request: Request) -> Lake:
    lake: Lake = request.world.lakeformation.lake(request.caller.account)
    return lake


def _named(request: Request) -> tuple[str, Resource]:
    """Principal and resource of a request by an administrator; tags cannot be opted in (notes-hybrid)."""
    lf, caller = request.world.lakeformation, request.caller
    principal = canonical(request.params["Principal"].get("DataLakePrincipalIdentifier") or "")
    parsed(principal)
    resource = resources(request.params["Resource"], caller.account)[0]
    if principal == EVERYONE or not isinstance(resource, Database | Table):
        message = "Opt-ins are for named principals, on databases, tables or all tables of a database."
        raise AwsError("InvalidInputException", message)
    if not lf.administers(caller):
        raise refusal()
    seen = resource.name if isinstance(resource, Database) else resource.database
    if resource.catalog != caller.account and not lf.sees_database(caller, resource.catalog, seen):
        raise refusal()
    return principal, resource
