"""Saved LF-tag expressions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.lakeformation import existence
from reconciler.sandbox.services.lakeformation.grant_authority import holds_pairs, refusal
from reconciler.sandbox.services.lakeformation.grants import Row
from reconciler.sandbox.services.lakeformation.lake import Lake, Saved
from reconciler.sandbox.services.lakeformation.permissions import EXPRESSION
from reconciler.sandbox.services.lakeformation.principals import caller_identities
from reconciler.sandbox.services.lakeformation.resources import (
    Anchor,
    Catalog,
    Expression,
    Policy,
    SavedExpression,
    expression,
)
from reconciler.sandbox.services.lakeformation.shapes import pairs
from reconciler.sandbox.services.lakeformation.tags import check_own

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.store import Store

MOST = 1000
"""Saved expressions in an account (lf-tag-considerations)."""


@operation(honours="Name Description CatalogId Expression")
def create_lf_tag_expression(request: Request) -> Params:
    """Save an expression. Needs CREATE_LF_TAG_EXPRESSION and GRANT_WITH_LF_TAG_EXPRESSION on every pair."""
    lf, caller, name = request.world.lakeformation, request.caller, request.params["Name"]
    check_own(request)
    lf.authorize(caller, "CREATE_LF_TAG_EXPRESSION", Catalog(caller.account))
    body = _body(request)
    saved = lf.lake(caller.account).expressions
    if name in saved:
        raise AwsError("InvalidInputException", f"LF-Tag expression {name} already exists.")
    if len(saved) >= MOST:
        raise AwsError("ResourceNumberLimitExceededException", f"More than {MOST} saved LF-Tag expressions.")
    saved[name] = Saved(body, request.params.get("Description"))
    resource, now, by = SavedExpression(caller.account, name), request.world.now(), caller.principal
    lf.grants.grant(caller.account, by, resource, EXPRESSION, EXPRESSION, at=now, by=by)
    return {}


@operation(honours="Name CatalogId")
def get_lf_tag_expression(request: Request) -> Params:
    lake = _reachable(request, "DESCRIBE")
    return _shape(lake, request.params["Name"])


@operation(honours="CatalogId MaxResults NextToken")
def list_lf_tag_expressions(request: Request) -> Params:
    """The saved expressions of the caller's account that he may see."""
    check_own(request)
    lf, caller, params = request.world.lakeformation, request.caller, request.params
    lake = lf.lake(caller.account)
    found = [_shape(lake, name) for name in lake.expressions if _holds(request, name, "DESCRIBE")]
    page, token = lf.pages.page(
        found, params.get("NextToken"), params.get("MaxResults"), most=1000, invalid="InvalidInputException"
    )
    return {"LFTagExpressions": page} | ({"NextToken": token} if token else {})


@operation(honours="Name Description CatalogId Expression")
def update_lf_tag_expression(request: Request) -> Params:
    """Replace the body; every grant that names the expression follows at once."""
    lake, params = _reachable(request, "ALTER"), request.params
    before = lake.expressions[params["Name"]]
    lake.expressions[params["Name"]] = Saved(_body(request), params.get("Description", before.description))
    return {}


@operation(honours="Name CatalogId")
def delete_lf_tag_expression(request: Request) -> Params:
    """Delete an expression with every grant that names it."""
    lf, caller, name = request.world.lakeformation, request.caller, request.params["Name"]
    lake = _reachable(request, "DROP")
    del lake.expressions[name]
    for row in lf.grants.at(("policy", caller.account)):
        if isinstance(row.resource, Policy) and row.resource.name == name:
            lf.grants.drop(row)
            lf.world.ram.unshare(row, caller)
    for row in lf.grants.at(("expression", caller.account, name)):
        lf.grants.drop(row)
    return {}


def _body(request: Request) -> Expression:
    lf, caller = request.world.lakeformation, request.caller
    body = expression(request.params["Expression"])
    existence.check_expression(lf, caller.account, body)

    def own(anchor: Anchor) -> Iterator[Row]:
        rows: Iterator[Row] = lf.grants.held(caller_identities(caller), anchor)
        return rows

    if not lf.administers(caller) and not holds_pairs(own, caller.account, body, "GRANT_WITH_LF_TAG_EXPRESSION"):
        raise refusal()
    return body


def _holds(request: Request, name: str, permission: str) -> bool:
    """Whether the caller may do something with an expression; any permission shows it."""
    lf, caller = request.world.lakeformation, request.caller
    if lf.administers(caller) or (permission == "DESCRIBE" and lf.reads_all(caller)):
        return True
    rows = lf.grants.held(caller_identities(caller), ("expression", caller.account, name))
    return any(permission == "DESCRIBE" or row.permissions & {permission, "ALL"} for row in rows)


def _reachable(request: Request, permission: str) -> Lake:
    check_own(request)
    lf: Store = request.world.lakeformation
    lake, name = lf.lake(request.caller.account), request.params["Name"]
    if not _holds(request, name, permission):
        raise refusal()
    if name not in lake.expressions:
        raise AwsError("EntityNotFoundException", f"LF-Tag expression {name} does not exist.")
    return lake


def _shape(lake: Lake, name: str) -> Params:
    saved = lake.expressions[name]
    shown = {"Name": name, "CatalogId": lake.account, "Expression": pairs(saved.body)}
    return shown | ({"Description": saved.description} if saved.description is not None else {})
