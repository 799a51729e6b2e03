"""Managed policies that are attached to roles: what they let, read in one listing where any role has one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.kinds.common.policy_document import canonical
from reconciler.model.address import Placement
from reconciler.model.json_text import PolicyText
from reconciler.model.reader import Reader

UNREAD = canonical(
    {
        "Statement": {
            "Effect": "Allow",
            "Action": "*",
            "Resource": "*",
            "Condition": {"said": {"by": "a policy that could not be read"}},
        }
    }
)
"""Of a policy that AWS does not show: it may let anything."""


def details(*sorts: str) -> tuple[str, str, Mapping[str, object]]:
    """Service, operation and parameters of the listing of an account's IAM, of these sorts.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
    """
    return "iam", "GetAccountAuthorizationDetails", {"Filter": list(sorts), "MaxItems": 1000}


@dataclass(frozen=True, slots=True)
class ManagedPolicies:
    """The documents of an account's managed policies, AWS's own among them, by ARN."""

    documents: Mapping[str, PolicyText]

    @classmethod
    def of(cls, aws: Reader, placement: Placement, are_attached: bool) -> ManagedPolicies:
        """What an account has; nothing is asked where none is attached to a role that counts."""
        if not are_attached:
            return cls({})
        listing = aws.pages(placement, *details("LocalManagedPolicy", "AWSManagedPolicy"), items="Policies")
        return cls({each["Arn"]: canonical(text) for each in listing if (text := _in_force(each)) is not None})

    def document(self, arn: str) -> PolicyText:
        """What a policy lets; `UNREAD` where it was not listed."""
        return self.documents.get(arn, UNREAD)


def _in_force(policy: Mapping[str, Any]) -> Any:
    """The document of a policy's default version, the one that counts."""
    versions = (each for each in policy.get("PolicyVersionList", ()) if each.get("IsDefaultVersion"))
    return next((each.get("Document") for each in versions), None)
