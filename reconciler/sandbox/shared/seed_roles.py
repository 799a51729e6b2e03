"""Roles that accounts of the sandbox have from the start, besides that of the organization."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.sandbox.services.iam.callers import MANAGEMENT


@dataclass(frozen=True, slots=True)
class GivenRole:
    """A role of an account with inline policies by name. The management account may assume it.

    `managed` are policies of the account itself, by name: such as the boundary of roles to be made.
    """

    account: str
    name: str
    policies: Mapping[str, Mapping[str, Any]]
    managed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def seed_roles(roles: Iterable[GivenRole]) -> None:
    """Make the roles, in accounts in which nothing has been made yet."""
    from moto.iam.models import iam_backends

    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{MANAGEMENT}:root"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    for role in roles:
        backend = iam_backends[role.account]["aws"]
        backend.create_role(
            role_name=role.name,
            assume_role_policy_document=json.dumps(trust),
            path="/",
            permissions_boundary=None,
            description="",
            tags=[],
            max_session_duration="3600",
        )
        for name, document in role.policies.items():
            backend.put_role_policy(role.name, name, json.dumps(document))
        for name, document in role.managed.items():
            backend.create_policy("", "/", json.dumps(document), name, [])
