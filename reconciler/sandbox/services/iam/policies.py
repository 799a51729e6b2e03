"""The policies that hold for a caller, as moto's IAM keeps them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.services.iam.roles import ORGANIZATION_ROLE, role_of


@dataclass(frozen=True, slots=True)
class Policies:
    """Policy documents: `identity` gives, `limits` (boundary and session policy) each must agree."""

    identity: tuple[str, ...]
    limits: tuple[str, ...] = ()


def is_unlimited(caller: Caller) -> bool:
    """Whether a caller may do everything in his account: its root, or the organization's access role."""
    whole = caller.principal in (
        f"arn:aws:iam::{caller.account}:root",
        f"arn:aws:iam::{caller.account}:role/{ORGANIZATION_ROLE}",
    )
    return whole and caller.session_policy is None


def policies_of(caller: Caller) -> Policies:
    """The documents that decide what a caller may do."""
    if is_unlimited(caller):
        return Policies((_EVERYTHING,))
    subject, groups = _subject(caller)
    identity = [document for holder in (*groups, subject) if holder for document in _documents(holder)]
    if caller.principal.endswith(f":role/{ORGANIZATION_ROLE}"):
        identity.append(_EVERYTHING)
    limits = [caller.session_policy] if caller.session_policy else []
    boundary = getattr(subject, "permissions_boundary_arn", None)
    if boundary:
        limits.append(_managed(caller.account, boundary))
    return Policies(tuple(identity), tuple(limits))


_EVERYTHING = json.dumps({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})


def _subject(caller: Caller) -> tuple[Any, list[Any]]:
    from moto.iam.models import iam_backends

    if ":role/" in caller.principal:
        return role_of(caller.principal), []
    backend = iam_backends[caller.account]["aws"]
    user = next((u for u in backend.users.values() if u.arn == caller.principal), None)
    return user, backend.get_groups_for_user(user.name) if user else []


def _documents(holder: Any) -> list[str]:
    inline = [d if isinstance(d, str) else json.dumps(d) for d in holder.policies.values()]
    return inline + [_text(policy) for policy in holder.managed_policies.values()]


def _managed(account: str, arn: str) -> str:
    from moto.iam.models import iam_backends

    policy = iam_backends[account]["aws"].managed_policies.get(arn)
    # A boundary that does not exist allows nothing.
    return _text(policy) if policy else "{}"


def _text(policy: Any) -> str:
    current = next(v for v in policy.versions if v.version_id == policy.default_version_id)
    return current.document if isinstance(current.document, str) else json.dumps(current.document)
