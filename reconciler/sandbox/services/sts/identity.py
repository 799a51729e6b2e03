"""sts:GetCallerIdentity."""

from __future__ import annotations

from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request


@operation()
def get_caller_identity(request: Request) -> Params:
    """Who calls; needs no permission (API_GetCallerIdentity)."""
    caller = request.caller
    return {"UserId": caller.user_id or caller.account, "Account": caller.account, "Arn": caller.arn}
