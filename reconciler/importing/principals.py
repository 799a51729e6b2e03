"""Principals as fields: in which way the language says of somebody in AWS who that is."""

from __future__ import annotations

import json

from reconciler.importing.evidence import Evidence
from reconciler.importing.page import Data, fits
from reconciler.kinds.iam.iam_role import Role
from reconciler.spec.documents.consumer import Principal


def principal_fields(evidence: Evidence, account: str, arn: str, *, abroad: bool) -> dict[str, Data] | None:
    """What says of a principal who that is; None for an account, and for whom the language cannot name.

    `abroad`: where people query in other regions too, which groups and users of Identity Center and SAML cannot.
    """
    made = evidence.made_role(arn)
    fields: dict[str, Data]
    if made is not None:
        about = {key: value for key, value in _made(evidence, arn, account).items() if value not in (None, [])}
        fields = {"role": made, "create": True, **about}
    elif arn in evidence.permission_sets:
        fields = {"permissionSet": evidence.permission_sets[arn]}
    elif arn.startswith(evidence.role_arn(account, "")):
        fields = {"role": arn.partition(":role/")[2]}
    elif ":iam::" in arn and f":{account}:user/" in arn:
        fields = {"user": arn.partition(":user/")[2]}
    elif arn == f"{account}:IAMPrincipals":
        fields = {"wholeAccount": True}
    elif abroad and (":identitystore:" in arn or ":saml-provider/" in arn):
        return None
    elif ":identitystore:::group/" in arn:
        fields = {"group": arn.rpartition("/")[2]}
    elif ":identitystore:::user/" in arn:
        fields = {"centerUser": arn.rpartition("/")[2]}
    else:
        fields = {"arn": arn}
    return fields if fits(Principal, {"name": "x", **fields}) else None


def _made(evidence: Evidence, arn: str, account: str) -> dict[str, Data]:
    """What a role that the mesh made is for, and who may assume it."""
    role = evidence.roles.get(arn)
    if role is None:
        return {}
    trusted, said = _trusted(role)
    kind = "sagemaker" if "sagemaker:" in role.policy else "analyst"
    usual = {f"arn:aws:iam::{account}:root"} if kind == "analyst" else {"sagemaker.amazonaws.com"}
    return {
        "kind": None if kind == "analyst" else kind,
        "trust": [] if trusted == usual else sorted(trusted),
        "externalId": said,
    }


def _trusted(role: Role) -> tuple[set[str], str | None]:
    """Who may assume a role, and what people must say then."""
    trusted: set[str] = set()
    said: str | None = None
    for statement in json.loads(role.trust).get("Statement", ()):
        for entries in statement.get("Principal", {}).values():
            trusted.update([entries] if isinstance(entries, str) else entries)
        said = said or statement.get("Condition", {}).get("StringEquals", {}).get("sts:ExternalId")
    return trusted, said
