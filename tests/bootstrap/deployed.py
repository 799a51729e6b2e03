"""What bootstrap prints, laid into the sandbox's accounts as CloudFormation would."""

from __future__ import annotations

import json
from typing import Any

from reconciler.bootstrap.trust import Trusted
from reconciler.sandbox import Sandbox
from tests.estate import Edit
from tests.kinds.full import SETTINGS

ROLES: Edit = (
    SETTINGS,
    "  plan: OrganizationAccountAccessRole\n  apply: OrganizationAccountAccessRole\n",
    "  plan: meshform-plan\n  apply: meshform-apply\n",
)
PEOPLE = Trusted(people=("arn:aws:iam::000000000001:root",))


def deploy(aws: Sandbox, account: str, made: dict[str, Any]) -> None:
    """The roles and policies of a template, as CloudFormation would make them."""
    iam = aws.session(account).client("iam")
    arns = {}
    for name, policy in of_type(made, "ManagedPolicy"):
        answer = iam.create_policy(
            PolicyName=policy.get("ManagedPolicyName", name), PolicyDocument=json.dumps(policy["PolicyDocument"])
        )
        arns[name] = answer["Policy"]["Arn"]
    for _, role in of_type(made, "Role"):
        trust = _open(role["AssumeRolePolicyDocument"])
        iam.create_role(RoleName=role["RoleName"], AssumeRolePolicyDocument=json.dumps(trust))
        for reference in role["ManagedPolicyArns"]:
            iam.attach_role_policy(RoleName=role["RoleName"], PolicyArn=arns[reference["Ref"]])


def of_type(made: dict[str, Any], sort: str) -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, each["Properties"]) for name, each in made["Resources"].items() if each["Type"] == f"AWS::IAM::{sort}"
    ]


def statements_of(made: dict[str, Any], role: str) -> list[dict[str, Any]]:
    """What a role of a template may do."""
    resources = made["Resources"]
    names = [reference["Ref"] for reference in resources[role]["Properties"]["ManagedPolicyArns"]]
    return [each for name in names for each in resources[name]["Properties"]["PolicyDocument"]["Statement"]]


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _open(trust: dict[str, Any]) -> dict[str, Any]:
    """The trust policy, also for the sandbox's base credentials in every account: chains are tested apart."""
    people = {"Effect": "Allow", "Principal": {"AWS": list(PEOPLE.people)}, "Action": "sts:AssumeRole"}
    return {**trust, "Statement": [*trust["Statement"], people]}
