"""sts:AssumeRole."""

from __future__ import annotations

import re
from datetime import timedelta

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.iam.callers import MANAGEMENT
from reconciler.sandbox.services.iam.roles import ORGANIZATION_ROLE, organization_role, role_of
from reconciler.sandbox.services.iam.sessions import Session
from reconciler.sandbox.services.iam.trust import require_trust

_ROLE = re.compile(r"arn:aws:iam::[0-9]{12}:role/\S+")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@operation(
    honours="RoleArn RoleSessionName ExternalId DurationSeconds Policy Tags",
    resources=lambda _: [],
)
def assume_role(request: Request) -> Params:
    """A session of a role that trusts the caller (API_AssumeRole).

    AccessDenied: the role does not exist or does not trust the caller, told in one message as AWS does.
    `OrganizationAccountAccessRole` exists in every account and trusts the management account.
    """
    params = request.params
    arn: str = params["RoleArn"]
    if not _ROLE.fullmatch(arn):
        raise AwsError("ValidationError", f"{arn} is invalid")
    account, name = arn.split(":")[4], arn.rpartition("/")[2]
    if name == ORGANIZATION_ROLE and request.caller.account == MANAGEMENT:
        organization_role(account)
    role = role_of(arn)
    require_trust(request, role, arn)
    world = request.world
    token = "".join(world.keys.choices(_ALPHABET, k=16))
    key_id, role_id = f"ASIA{token}", role.id if role else ""
    session = params["RoleSessionName"]
    caller = Caller(
        account=account,
        arn=f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
        principal=arn,
        session=session,
        tags={tag["Key"]: tag["Value"] for tag in params.get("Tags", [])},
        session_policy=params.get("Policy"),
        user_id=f"{role_id}:{session}",
    )
    expiration = world.now() + timedelta(seconds=params.get("DurationSeconds", 3600))
    secret = "".join(world.keys.choices(_ALPHABET, k=40))
    session_token = "".join(world.keys.choices(_ALPHABET, k=128))
    world.sessions.add(key_id, Session(caller, expiration))
    return {
        "Credentials": {
            "AccessKeyId": key_id,
            "SecretAccessKey": secret,
            "SessionToken": session_token,
            "Expiration": expiration,
        },
        "AssumedRoleUser": {"AssumedRoleId": caller.user_id, "Arn": caller.arn},
    }
