"""Registered S3 locations: register, describe, list, update, deregister."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.iam.authorize import require
from reconciler.sandbox.services.iam.roles import put_policy, service_linked_role
from reconciler.sandbox.services.lakeformation.lake import Registration
from reconciler.sandbox.services.lakeformation.principals import check_exists
from reconciler.sandbox.services.lakeformation.requests import location_arn
from reconciler.sandbox.services.lakeformation.resources import Location

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.lake import Lake

SERVICE = "lakeformation.amazonaws.com"
LINKED_ROLES = f":role/aws-service-role/{SERVICE}/"


def _lake(request: Request) -> Lake:
    lake: Lake = request.world.lakeformation.lake(request.caller.account)
    return lake


def _registration(request: Request) -> Registration:
    arn = location_arn(request.params["ResourceArn"])
    found = _lake(request).locations.get(arn)
    if found is None:
        raise AwsError("EntityNotFoundException", f"Entity not found: resource {request.params['ResourceArn']}")
    return found


@operation(
    honours="ResourceArn UseServiceLinkedRole RoleArn HybridAccessEnabled WithFederation WithPrivilegedAccess "
    "ExpectedResourceOwnerAccount"
)
def register_resource(request: Request) -> Params:
    """Register a location with a role, the caller's to pass, or with the service-linked one."""
    params, caller, lf = request.params, request.caller, request.world.lakeformation
    arn = location_arn(params["ResourceArn"])
    linked = bool(params.get("UseServiceLinkedRole"))
    if linked == bool(params.get("RoleArn")):
        raise AwsError("InvalidInputException", "Give either RoleArn or UseServiceLinkedRole.")
    if params.get("WithFederation"):
        raise request.not_simulated("with WithFederation")
    if arn in _lake(request).locations:
        raise AwsError("AlreadyExistsException", f"Resource is already registered: {params['ResourceArn']}")
    role = service_linked_role(caller.account, SERVICE) if linked else params["RoleArn"]
    if not linked:
        _check_role(request, role)
    info: dict[str, Any] = {
        "ResourceArn": params["ResourceArn"],
        "RoleArn": role,
        "LastModified": request.world.now(),
        "HybridAccessEnabled": bool(params.get("HybridAccessEnabled")),
        "WithFederation": False,
        "WithPrivilegedAccess": bool(params.get("WithPrivilegedAccess")),
    }
    if params.get("ExpectedResourceOwnerAccount"):
        info["ExpectedResourceOwnerAccount"] = params["ExpectedResourceOwnerAccount"]
    _lake(request).locations[arn] = Registration(info)
    _entitle_linked_role(_lake(request))
    if info["WithPrivilegedAccess"]:
        access = {"DATA_LOCATION_ACCESS"}
        place = Location(caller.account, arn)
        now, by = request.world.now(), caller.principal
        lf.grants.grant(caller.account, by, place, access, access, at=now, by=by)
    return {}


def _entitle_linked_role(lake: Lake) -> None:
    """Let the linked role use the locations registered with it, and no others (service-linked-roles).

    In a bucket of another account that is not enough: its bucket policy must allow it too.
    """
    linked = {arn: each.info["RoleArn"] for arn, each in lake.locations.items() if LINKED_ROLES in each.info["RoleArn"]}
    if not linked:
        return
    objects = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]}
    objects["Resource"] = [f"{arn}/*" for arn in linked]
    buckets = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": sorted({arn.split("/")[0] for arn in linked})}
    put_policy(next(iter(linked.values())), "LakeFormationDataAccessPolicyForS3", objects, buckets)


def _check_role(request: Request, role: str) -> None:
    check_exists(request.world, role, request.caller.account)
    require(request.world, request.caller, "iam:PassRole", [role], request.region, iam_PassedToService=SERVICE)


@operation(honours="ResourceArn")
def describe_resource(request: Request) -> Params:
    return {"ResourceInfo": dict(_registration(request).info)}


@operation(honours="ResourceArn")
def deregister_resource(request: Request) -> Params:
    _registration(request)
    del _lake(request).locations[location_arn(request.params["ResourceArn"])]
    _entitle_linked_role(_lake(request))
    return {}


@operation(honours="ResourceArn RoleArn HybridAccessEnabled WithFederation ExpectedResourceOwnerAccount")
def update_resource(request: Request) -> Params:
    """Change role and mode. A location with the service-linked role cannot be edited (hybrid notes)."""
    params, info = request.params, _registration(request).info
    if params.get("WithFederation"):
        raise request.not_simulated("with WithFederation")
    if LINKED_ROLES in info["RoleArn"]:
        message = "A location that is registered with the service-linked role cannot be edited."
        raise AwsError("InvalidInputException", message)
    _check_role(request, params["RoleArn"])
    given = {k: params[k] for k in ("RoleArn", "HybridAccessEnabled", "ExpectedResourceOwnerAccount") if k in params}
    info.update(given | {"LastModified": request.world.now()})
    return {}


_COMPARISONS: dict[str, Callable[[str, list[str]], bool]] = {
    "EQ": lambda value, wanted: value == wanted[0],
    "NE": lambda value, wanted: value != wanted[0],
    "LE": lambda value, wanted: value <= wanted[0],
    "LT": lambda value, wanted: value < wanted[0],
    "GE": lambda value, wanted: value >= wanted[0],
    "GT": lambda value, wanted: value > wanted[0],
    "CONTAINS": lambda value, wanted: wanted[0] in value,
    "NOT_CONTAINS": lambda value, wanted: wanted[0] not in value,
    "BEGINS_WITH": lambda value, wanted: value.startswith(wanted[0]),
    "IN": lambda value, wanted: value in wanted,
    "BETWEEN": lambda value, wanted: wanted[0] <= value <= wanted[-1],
}


@operation(honours="FilterConditionList MaxResults NextToken")
def list_resources(request: Request) -> Params:
    """The locations that the caller's account registered."""
    lf, params = request.world.lakeformation, request.params
    conditions = params.get("FilterConditionList") or []
    if any(c.get("Field") == "LAST_MODIFIED" for c in conditions):
        raise request.not_simulated("with FilterConditionList on LAST_MODIFIED")
    found = [dict(r.info) for r in _lake(request).locations.values() if all(_meets(r.info, c) for c in conditions)]
    page, token = lf.pages.page(
        found, params.get("NextToken"), params.get("MaxResults"), most=1000, invalid="InvalidInputException"
    )
    return {"ResourceInfoList": page} | ({"NextToken": token} if token else {})


def _meets(info: dict[str, Any], condition: dict[str, Any]) -> bool:
    value = info["ResourceArn" if condition.get("Field") == "RESOURCE_ARN" else "RoleArn"]
    return _COMPARISONS[condition.get("ComparisonOperator", "EQ")](value, condition.get("StringValueList") or [""])
