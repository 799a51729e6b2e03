"""The IAM roles that Glue acts as."""

from __future__ import annotations

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.iam.authorize import require
from reconciler.sandbox.services.iam.propagation import is_known
from reconciler.sandbox.services.iam.roles import role_of, roles_named
from reconciler.sandbox.services.iam.trust import service_caller

_GLUE = "glue.amazonaws.com"


def glue_role(request: Request, role: str, session: str = "AWS-Crawler") -> Caller:
    """The caller that Glue becomes with a role, given by name or ARN.

    AccessDeniedException: the caller may not pass it (iam:PassRole). InvalidInputException: it is not there, or does
    not trust Glue.
    """
    arn = role if role.startswith("arn:") else roles_named(request.caller.account, role)
    made = role_of(arn) if arn else None
    known = made is not None and is_known(request.world, made)
    found = service_caller(arn, _GLUE, session) if arn and known else None
    if arn is None or found is None:
        raise AwsError(
            "InvalidInputException",
            f"Service is unable to assume provided role. Please verify role's TrustPolicy (Role: {arn or role})",
        )
    if found.account != request.caller.account:
        raise AwsError("InvalidInputException", "Cross-account pass role is not allowed.")
    require(request.world, request.caller, "iam:PassRole", [arn], request.region, iam_PassedToService=_GLUE)
    return found
