"""The roles of the simulated accounts, as moto's IAM keeps them."""

from __future__ import annotations

import json
from typing import Any

from reconciler.sandbox.services.iam.callers import MANAGEMENT

#: The role that AWS Organizations makes in every account; the management account may assume it.
ORGANIZATION_ROLE = "OrganizationAccountAccessRole"


def role_of(arn: str) -> Any | None:
    """moto's role with this ARN, or None."""
    from moto.iam.models import iam_backends

    backend = iam_backends[arn.split(":")[4]]["aws"]
    return next((role for role in backend.roles.values() if role.arn == arn), None)


def role_id(arn: str) -> str | None:
    """What tells a role from an earlier one of its name; None for what is no role, or none that is there."""
    role = role_of(arn) if ":role/" in arn else None
    return str(role.id) if role else None


def role_tags(arn: str) -> dict[str, str]:
    """The tags of a role; none of what is no role, or none that is there."""
    role = role_of(arn) if ":role/" in arn else None
    if role is None:
        return {}
    tags = role.tags.values() if isinstance(role.tags, dict) else role.tags or ()
    return {tag["Key"]: tag["Value"] for tag in tags}


def roles_named(account: str, name: str) -> str | None:
    """The ARN of the account's role of a name, whatever its path; None if there is none."""
    from moto.iam.models import iam_backends

    short = name.rpartition("/")[2]
    roles = iam_backends[account]["aws"].roles.values()
    return next((str(role.arn) for role in roles if role.name == short), None)


def service_linked_role(account: str, service: str) -> str:
    """The ARN of an account's role linked to a service (`lakeformation.amazonaws.com`); it is made if missing."""
    from moto.iam.models import iam_backends

    backend = iam_backends[account]["aws"]
    start = f"arn:aws:iam::{account}:role/aws-service-role/{service}/"
    found = next((str(role.arn) for role in backend.roles.values() if role.arn.startswith(start)), None)
    return found or str(backend.create_service_linked_role(service, "", "").arn)


def put_policy(role_arn: str, name: str, *statements: dict[str, Any]) -> None:
    """Give a role an inline policy in place of the one of that name; without statements it loses it."""
    role = role_of(role_arn)
    assert role is not None
    if statements:
        role.policies[name] = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    else:
        role.policies.pop(name, None)


def organization_role(account: str) -> None:
    """Make the organization's access role in an account if it is not there."""
    from moto.iam.models import iam_backends

    backend = iam_backends[account]["aws"]
    if any(role.name == ORGANIZATION_ROLE for role in backend.roles.values()):
        return
    backend.create_role(
        role_name=ORGANIZATION_ROLE,
        assume_role_policy_document=_document(
            {"Principal": {"AWS": f"arn:aws:iam::{MANAGEMENT}:root"}}, "sts:AssumeRole"
        ),
        path="/",
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration="3600",
    )
    everything = _document({"Resource": "*"}, "*")
    backend.put_role_policy(ORGANIZATION_ROLE, "AdministratorAccess", everything)


def _document(subject: dict[str, Any], action: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, **subject}]})
