"""The resource policy of an account's Data Catalog."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.glue.arns import catalog_arn
from reconciler.sandbox.services.glue.state import Record


def _resources(request: Request) -> list[str]:
    return [catalog_arn(request.region, request.caller.account)]


@operation(
    honours="PolicyInJson ResourceArn PolicyHashCondition PolicyExistsCondition EnableHybrid", resources=_resources
)
def put_resource_policy(request: Request) -> Params:
    """Set the catalog's policy (API_PutResourcePolicy).

    ConditionCheckFailureException: PolicyExistsCondition or PolicyHashCondition does not hold.
    InvalidInputException: the policy is not JSON, or the account shares by RAM and EnableHybrid is not TRUE.
    """
    account, params = request.world.glue.account(request.caller.account), request.params
    _only_catalog(request)
    old = account.policy
    exists = params.get("PolicyExistsCondition", "NONE")
    if (exists == "MUST_EXIST" and old is None) or (exists == "NOT_EXIST" and old is not None):
        raise AwsError("ConditionCheckFailureException", f"PolicyExistsCondition {exists} does not hold")
    _check_hash(old, params.get("PolicyHashCondition"))
    text = _document(params["PolicyInJson"])
    shares = request.world.ram.glue_policies(request.caller.account)
    if shares and params.get("EnableHybrid") != "TRUE":
        message = "Policies exist that were made by RAM: EnableHybrid must be TRUE to keep both kinds"
        raise AwsError("InvalidInputException", message)
    now = request.world.now()
    policy_hash = base64.b64encode(hashlib.md5(text.encode(), usedforsecurity=False).digest()).decode()
    created = old["CreateTime"] if old else now
    account.policy = {"PolicyInJson": text, "PolicyHash": policy_hash, "CreateTime": created, "UpdateTime": now}
    return {"PolicyHash": policy_hash}


@operation(honours="ResourceArn", resources=_resources)
def get_resource_policy(request: Request) -> Params:
    """The catalog's policy (API_GetResourcePolicy). EntityNotFoundException: none is set."""
    _only_catalog(request)
    return _existing(request)


@operation(honours="ResourceArn PolicyHashCondition", resources=_resources)
def delete_resource_policy(request: Request) -> Params:
    """Remove the catalog's policy (API_DeleteResourcePolicy)."""
    _only_catalog(request)
    _check_hash(_existing(request), request.params.get("PolicyHashCondition"))
    request.world.glue.account(request.caller.account).policy = None
    return {}


@operation(honours="NextToken MaxResults", resources=_resources)
def get_resource_policies(request: Request) -> Params:
    """The catalog's policy and those that RAM made for grants to other accounts (API_GetResourcePolicies)."""
    own = request.world.glue.account(request.caller.account).policy
    made = request.world.ram.glue_policies(request.caller.account)
    return {"GetResourcePoliciesResponseList": [*made, *([own] if own else [])]}


def _document(text: str) -> str:
    """The policy as it is kept: a single statement stands in a list. InvalidInputException: it is no policy."""
    try:
        policy = json.loads(text)
        statements = policy["Statement"]
    except (ValueError, KeyError, TypeError) as error:
        raise AwsError("InvalidInputException", "Policy is not a valid policy document") from error
    if not statements:
        raise AwsError("InvalidInputException", "Policy has no statement")
    return pretty({**policy, "Statement": [statements] if isinstance(statements, dict) else statements})


def pretty(value: Any, margin: str = "") -> str:
    """JSON as AWS prints a policy back (recorded by Cloud Custodian)."""
    if isinstance(value, dict) and value:
        inner = margin + "  "
        members = (f"{inner}{json.dumps(name)} : {pretty(each, inner)}" for name, each in value.items())
        return "{\n" + ",\n".join(members) + f"\n{margin}}}"
    if isinstance(value, list) and value:
        return f"[ {', '.join(pretty(each, margin) for each in value)} ]"
    return json.dumps(value)


def _existing(request: Request) -> Record:
    found: Record | None = request.world.glue.account(request.caller.account).policy
    if found is None:
        raise AwsError("EntityNotFoundException", "Policy not found")
    return found


def _only_catalog(request: Request) -> None:
    arn = request.params.get("ResourceArn")
    if arn and arn != catalog_arn(request.region, request.caller.account):
        raise request.not_simulated("with ResourceArn of another resource than the catalog")


def _check_hash(old: Record | None, wanted: str | None) -> None:
    if wanted and (old is None or old["PolicyHash"] != wanted):
        raise AwsError("ConditionCheckFailureException", "PolicyHashCondition does not hold")
