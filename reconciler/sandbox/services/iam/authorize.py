"""Asks IAM whether a caller may do what a request asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.http.protocol.models import model
from reconciler.sandbox.services.iam.conditions import Context
from reconciler.sandbox.services.iam.policies import is_unlimited, policies_of
from reconciler.sandbox.services.iam.policy import Says, identity_says

if TYPE_CHECKING:
    from reconciler.sandbox.core.identity import Caller
    from reconciler.sandbox.core.operation import Operation
    from reconciler.sandbox.core.request import Request
    from reconciler.sandbox.core.world import World

#: Calls that need no permission.
_FREE = {"sts:GetCallerIdentity", "sts:GetSessionToken", "sts:AssumeRole"}


def authorize(request: Request, declared: Operation) -> None:
    """Raise AccessDenied unless the caller's identity policies allow the operation on each of its resources."""
    action = declared.action or f"{request.service}:{request.operation}"
    if action in _FREE or is_unlimited(request.caller):
        return
    resources = declared.resources(request) if declared.resources else ["*"]
    keys = declared.keys(request) if declared.keys else {}
    require(request.world, request.caller, action, resources, request.region, **keys)


def require(
    world: World, caller: Caller, action: str, resources: Iterable[str], region: str = "", **keys: str | Sequence[str]
) -> None:
    """Raise AccessDenied unless the caller may do `action` on every resource.

    `keys` are further condition keys with `_` for `:`, such as `iam_PassedToService`.
    """
    if is_unlimited(caller):
        return
    context = {
        **context_of(world, caller, region or world.region),
        **{k.replace("_", ":", 1): v for k, v in keys.items()},
    }
    service = action.partition(":")[0]
    for resource in resources:
        says = identity_allows(caller, action, resource, context)
        if says is not Says.ALLOW:
            raise denial(service, caller, action, resource, says)


def may(world: World, caller: Caller, action: str, resource: str) -> bool:
    """Whether the caller's identity policies allow an action on a resource."""
    context = context_of(world, caller, world.region)
    return identity_allows(caller, action, resource, context) is Says.ALLOW


def identity_allows(caller: Caller, action: str, resource: str, context: Context) -> Says:
    """What the caller's own policies say: ALLOW, NOTHING or DENY.

    A permissions boundary and a session policy only take away (reference_policies_evaluation-logic).
    """
    if is_unlimited(caller):
        return Says.ALLOW
    policies = policies_of(caller)
    says = identity_says(policies.identity, action, resource, context)
    for limit in policies.limits:
        limited = identity_says([limit], action, resource, context)
        if Says.DENY in (says, limited):
            return Says.DENY
        if limited is Says.NOTHING:
            says = Says.NOTHING
    return says


def context_of(world: World, caller: Caller, region: str) -> Context:
    """The condition keys that every request of a caller has."""
    context = {
        "aws:PrincipalArn": caller.principal,
        "aws:PrincipalAccount": caller.account,
        "aws:PrincipalType": "AssumedRole" if caller.session else "User",
        "aws:userid": caller.user_id,
        "aws:RequestedRegion": region,
        "aws:SecureTransport": "true",
        "aws:SourceIp": "127.0.0.1",
        "aws:CurrentTime": world.now().isoformat(),
        "aws:EpochTime": str(int(world.now().timestamp())),
        "aws:PrincipalIsAWSService": "false",
    }
    context |= {f"aws:PrincipalTag/{key}": value for key, value in caller.tags.items()}
    if ":user/" in caller.principal:
        context["aws:username"] = caller.principal.rpartition("/")[2]
    organization = _organization(caller.account)
    if organization:
        context["aws:PrincipalOrgID"] = organization
    return context


def denial(service: str, caller: Caller, action: str, resource: str, says: Says = Says.NOTHING) -> AwsError:
    """AWS's error for what IAM does not allow, in the service's own code."""
    known = model(service)
    xml = known is not None and known.protocol in ("query", "ec2", "rest-xml")
    code = {"sns": "AuthorizationError"}.get(service, "AccessDenied" if xml else "AccessDeniedException")
    why = f" because no identity-based policy allows the {action} action"
    if says is Says.DENY:
        why = " with an explicit deny in an identity-based policy"
    if action == "sts:AssumeRole":
        why = ""
    message = f"User: {caller.arn} is not authorized to perform: {action} on resource: {resource}{why}"
    return AwsError(code, message, 403 if xml else 400)


def _organization(account: str) -> str:
    from moto.organizations.models import organizations_backends

    for partitions in list(organizations_backends.values()):
        backend = partitions["aws"]
        if backend.org and any(a.id == account for a in backend.accounts):
            return str(backend.org.id)
    return ""
