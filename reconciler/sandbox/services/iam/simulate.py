"""iam:SimulatePrincipalPolicy: what the policies of a role would say to requests."""

from __future__ import annotations

from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.iam.authorize import context_of, identity_allows
from reconciler.sandbox.services.iam.policy import Says
from reconciler.sandbox.services.iam.roles import role_of

_DECISIONS = {Says.ALLOW: "allowed", Says.DENY: "explicitDeny"}


def _source(request: Request) -> list[str]:
    return [request.params["PolicySourceArn"]]


@operation(honours="PolicySourceArn ActionNames ResourceArns ContextEntries", resources=_source)
def simulate_principal_policy(request: Request) -> Params:
    """One result for each action and resource (API_SimulatePrincipalPolicy). Only of roles."""
    arn = request.params["PolicySourceArn"]
    if ":role/" not in arn or role_of(arn) is None:
        raise AwsError("NoSuchEntity", f"The policy source {arn} cannot be found.", 404)
    account, name = arn.split(":")[4], arn.rpartition("/")[2]
    session = f"arn:aws:sts::{account}:assumed-role/{name}/simulated"
    caller = Caller(account, session, arn, "simulated")
    given: dict[str, Any] = {
        entry["ContextKeyName"]: entry["ContextKeyValues"][0] for entry in request.params.get("ContextEntries", ())
    }
    context = {**context_of(request.world, caller, request.region), **given}
    rows = []
    for action in request.params["ActionNames"]:
        for resource in request.params.get("ResourceArns") or ["*"]:
            says = identity_allows(caller, action, resource, context)
            decision = _DECISIONS.get(says, "implicitDeny")
            rows.append(
                {
                    "EvalActionName": action,
                    "EvalResourceName": resource,
                    "EvalDecision": decision,
                    "MatchedStatements": [],
                    "MissingContextValues": [],
                }
            )
    return {"EvaluationResults": rows, "IsTruncated": False}
