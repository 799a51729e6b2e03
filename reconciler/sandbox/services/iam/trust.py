"""Trust policies: who may act as a role."""

from __future__ import annotations

from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.iam.authorize import context_of, denial, identity_allows
from reconciler.sandbox.services.iam.policy import Says, resource_says, trusts_service
from reconciler.sandbox.services.iam.roles import role_of


def require_trust(request: Request, role: Any | None, arn: str) -> None:
    """Raise AccessDenied unless the caller may assume the role.

    In the role's own account either the trust policy names the caller, or it names the account and an
    identity policy allows sts:AssumeRole; from another account both must agree (id_roles_use, evaluation
    logic of cross-account requests). A role that does not exist is told the same way.
    """
    caller, params = request.caller, request.params
    context = dict(context_of(request.world, caller, request.region))
    if "ExternalId" in params:
        context["sts:ExternalId"] = params["ExternalId"]
    context["sts:RoleSessionName"] = params["RoleSessionName"]
    context |= {f"aws:RequestTag/{tag['Key']}": tag["Value"] for tag in params.get("Tags", [])}
    if role is None:
        raise _denied(caller, arn)
    trusted = resource_says(role.assume_role_policy_document, caller, "sts:AssumeRole", None, context)
    if trusted in (Says.NOTHING, Says.DENY):
        raise _denied(caller, arn)
    if caller.account == role.account_id and trusted is Says.ALLOW_PRINCIPAL:
        return
    if identity_allows(caller, "sts:AssumeRole", arn, context) is not Says.ALLOW:
        raise _denied(caller, arn)


def service_caller(role_arn: str, service: str, session: str) -> Caller | None:
    """The caller that a service such as `glue.amazonaws.com` becomes with a role, or None if it does not trust it."""
    role = role_of(role_arn)
    if role is None or not trusts_service(role.assume_role_policy_document, service):
        return None
    account, name = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    return Caller(account, f"arn:aws:sts::{account}:assumed-role/{name}/{session}", role_arn, session)


def _denied(caller: Caller, arn: str) -> AwsError:
    return denial("sts", caller, "sts:AssumeRole", arn)
