"""WantedRole: a role that the mesh asks for; and who may assume roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.kinds.common.policy_document import VERSION
from reconciler.model.address import Placement
from reconciler.model.resource import Origin

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WantedRole:
    """A role that the mesh asks for. `trust` and `policy` are IAM policy documents."""

    placement: Placement
    name: str
    trust: Document
    policy: Document
    origin: Origin


def trust(people: Iterable[str] = (), services: Iterable[str] = (), *, source_identity: bool = False) -> Document:
    """A trust policy for people (ARNs) and services (such as sagemaker.amazonaws.com).

    With `source_identity` they may also say on whose behalf they come.
    """
    actions = ["sts:AssumeRole", "sts:SetSourceIdentity"] if source_identity else "sts:AssumeRole"
    named = {"AWS": sorted(people), "Service": sorted(services)}
    statements = [
        {"Effect": "Allow", "Principal": {sort: names}, "Action": actions} for sort, names in named.items() if names
    ]
    return {"Version": VERSION, "Statement": statements}
