"""Who may assume Meshform's roles: people and pipelines in the central account, and from there on its own role."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reconciler.bootstrap.actions import Duty, duties
from reconciler.bootstrap.statements import role
from reconciler.forge.here import oidc_trust
from reconciler.forge.protocol import ForgeName, Oidc
from reconciler.spec.documents.account import Account
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import iam_arn, partition


@dataclass(frozen=True, slots=True)
class Trusted:
    """`people` are ARNs of users and roles; `repository` is one of a forge, of which apply runs `only` in this
    environment of GitHub, on this branch of GitLab. Evidence is kept on the main branch, on this one of GitLab."""

    people: tuple[str, ...] = ()
    repository: str | None = None
    only: str = "production"
    forge: ForgeName = "github"


def trust_policy(mesh: Mesh, account: Account, duty: Duty, trusted: Trusted) -> dict[str, Any]:
    """The trust policy of a role. Only the central account's roles let anybody in from outside."""
    # The role that keeps evidence reads by the central account's role of plan, which goes on to all others.
    keeps = duty == "plan" and "keep" in duties(mesh, account)
    through: tuple[Duty, ...] = (duty, "keep") if keeps else (duty,)
    found = [_own_role(mesh, through)]
    if account == mesh.central:
        if trusted.people:
            found.append(_people(trusted.people))
        if trusted.repository:
            found.append(_jobs(mesh, account, oidc_trust(trusted.forge, trusted.repository, duty, trusted.only)))
    return {"Version": "2012-10-17", "Statement": found}


def provider(trusted: Trusted) -> dict[str, Any]:
    """What makes the forge known to the central account, in its template; an account has one provider of an issuer.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-oidcprovider.html
    """
    if trusted.repository is None:
        return {}
    oidc = oidc_trust(trusted.forge, trusted.repository, "plan", trusted.only)
    return {
        "Parameters": {
            "OidcProvider": {
                "Type": "String",
                "AllowedValues": ["make", "there"],
                "Default": "make",
                "Description": f"there, where this account has an identity provider of {oidc.issuer} already",
            }
        },
        "Conditions": {"MakesProvider": {"Fn::Equals": [{"Ref": "OidcProvider"}, "make"]}},
        "Resources": {
            "Provider": {
                "Type": "AWS::IAM::OIDCProvider",
                "Condition": "MakesProvider",
                "DeletionPolicy": "Retain",
                "UpdateReplacePolicy": "Retain",
                "Properties": {"Url": f"https://{oidc.issuer}", "ClientIdList": [oidc.audience]},
            }
        },
    }


def _own_role(mesh: Mesh, through: Iterable[Duty]) -> dict[str, Any]:
    """Roles of the central account; by a condition, since they may not exist yet."""
    central, part = mesh.central.id, partition(mesh.region)
    arns = [iam_arn(mesh, mesh.central, role(mesh, duty)) for duty in through]
    condition: dict[str, Any] = {"ArnEquals": {"aws:PrincipalArn": arns if len(arns) > 1 else arns[0]}}
    if mesh.settings.roles.external_id:
        condition["StringEquals"] = {"sts:ExternalId": mesh.settings.roles.external_id}
    return {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{part}:iam::{central}:root"},
        "Action": "sts:AssumeRole",
        "Condition": condition,
    }


def _people(people: Iterable[str]) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": {"AWS": sorted(people)}, "Action": "sts:AssumeRole"}


def _jobs(mesh: Mesh, account: Account, oidc: Oidc) -> dict[str, Any]:
    """The jobs of the forge that may do a duty."""
    audience, subject = {f"{oidc.issuer}:aud": oidc.audience}, {f"{oidc.issuer}:sub": list(oidc.subjects)}
    if oidc.patterns:
        condition = {"StringEquals": audience, "StringLike": subject}
    else:
        condition = {"StringEquals": {**audience, **subject}}
    return {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:{partition(mesh.region)}:iam::{account.id}:oidc-provider/{oidc.issuer}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }
