"""WantedRole: a role that the mesh asks for; and who may assume roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.kinds.common.policy_document import VERSION, literal
from reconciler.model.address import Placement
from reconciler.model.origin import Origin

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WantedRole:
    """A role that the mesh asks for. `trust` and `policy` are IAM policy documents."""

    placement: Placement
    name: str
    trust: Document
    policy: Document
    origin: Origin


def trust(
    people: Iterable[str] = (),
    services: Iterable[str] = (),
    *,
    source_identity: bool = False,
    account: str = "",
    external_id: str = "",
) -> Document:
    """A trust policy for people (ARNs) and services (such as sagemaker.amazonaws.com).

    With `source_identity` they may also say on whose behalf they come. With `account` services may come only for what
    is in it: for those whose page says that they send aws:SourceAccount. With `external_id` people must say it.
    """
    actions = ["sts:AssumeRole", "sts:SetSourceIdentity"] if source_identity else "sts:AssumeRole"
    named = {"AWS": sorted(map(literal, people)), "Service": sorted(map(literal, services))}
    statements = []
    for sort, names in named.items():
        if names:
            key, value = ("aws:SourceAccount", account) if sort == "Service" else ("sts:ExternalId", external_id)
            only = {"Condition": {"StringEquals": {key: literal(value)}}} if value else {}
            statements.append({"Effect": "Allow", "Principal": {sort: names}, "Action": actions, **only})
    return {"Version": VERSION, "Statement": statements}
