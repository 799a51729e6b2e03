"""AWS's own managed policies, given to an account's IAM when somebody asks for one by name.

moto can load all of them into every account, which costs far more than the few that are used.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from reconciler.sandbox.http.messages import WireRequest

_PREFIX = "arn:aws:iam::aws:policy/"


def provide(account: str, request: WireRequest) -> None:
    """Make the AWS managed policy that an IAM request names known to the account, if there is such a one."""
    fields = parse_qs(request.body.decode(errors="replace"))
    for arn in (fields.get(name, [""])[0] for name in ("PolicyArn", "PermissionsBoundary")):
        provide_policy(account, arn)


def provide_policy(account: str, arn: str) -> None:
    """The same of a policy by its ARN."""
    if not arn.startswith(_PREFIX):
        return
    from moto.iam.models import AWSManagedPolicy, iam_backends

    backend = iam_backends[account]["aws"]
    name = arn.rpartition("/")[2]
    if arn not in backend.managed_policies and name in _data():
        policy = AWSManagedPolicy.from_data(name, account, "aws", _data()[name])
        backend.managed_policies[policy.arn] = policy


@cache
def _data() -> dict[str, Any]:
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    parsed: dict[str, Any] = json.loads(aws_managed_policies_data)
    return parsed
