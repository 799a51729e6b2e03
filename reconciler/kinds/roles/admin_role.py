"""The roles of administrators and stewards, instead of console users with passwords."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reconciler.kinds.common.policy_document import VERSION
from reconciler.kinds.roles.wanted_role import WantedRole, trust
from reconciler.model.origin import Origin
from reconciler.spec import placements
from reconciler.spec.documents.account import Account
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition

_CATALOG = (
    "glue:GetDatabase",
    "glue:GetDatabases",
    "glue:GetPartitions",
    "glue:GetTable",
    "glue:GetTables",
    "glue:SearchTables",
)
_LOOKING = (
    "lakeformation:GetDataLakeSettings",
    "lakeformation:GetLFTag",
    "lakeformation:GetResourceLFTags",
    "lakeformation:ListLFTags",
    "lakeformation:ListPermissions",
    "lakeformation:SearchDatabasesByLFTags",
    "lakeformation:SearchTablesByLFTags",
)
_TAGGING = ("lakeformation:AddLFTagsToResource", "lakeformation:RemoveLFTagsFromResource")
_GRANTING = (
    "lakeformation:BatchGrantPermissions",
    "lakeformation:BatchRevokePermissions",
    "lakeformation:GrantPermissions",
    "lakeformation:RevokePermissions",
)

ACTIONS = (*_LOOKING, *_TAGGING, *_GRANTING)
"""Everything that an administrator may ask Lake Formation for."""


def roles(mesh: Mesh, account: Account) -> Iterable[WantedRole]:
    """The roles that an account's documents name as administrators and stewards; nobody twice."""
    seen: set[str] = {mesh.settings.roles.plan, mesh.settings.roles.apply}
    for names, actions, origin in _named(mesh, account):
        for name in names:
            if name not in seen and not name.startswith("arn:"):
                seen.add(name)
                yield WantedRole(
                    placements.of_account(mesh, account),
                    name,
                    trust(people=[f"arn:{partition(mesh.region)}:iam::{account.id}:root"]),
                    {"Version": VERSION, "Statement": _statements(mesh, account, actions)},
                    origin,
                )


def _named(mesh: Mesh, account: Account) -> Iterable[tuple[tuple[str, ...], tuple[str, ...], Origin]]:
    """Names with what they may do: administrators first, who may do more than stewards."""
    yield account.admins, ACTIONS, account.at("admins")
    for consumer in mesh.consumers_in(account):
        yield consumer.admins, (*_LOOKING, *_GRANTING), consumer.at("admins")
    yield account.stewards, (*_LOOKING, *_TAGGING), account.at("stewards")
    for domain in mesh.domains_in(account):
        yield domain.stewards, (*_LOOKING, *_TAGGING, "lakeformation:GetDataAccess"), domain.at("stewards")


def _statements(mesh: Mesh, account: Account, actions: tuple[str, ...]) -> list[dict[str, Any]]:
    """Lake Formation's actions take no resource: its own permissions decide what may be touched."""
    part = partition(mesh.region)
    return [
        {"Sid": "AskLakeFormation", "Effect": "Allow", "Action": sorted(actions), "Resource": "*"},
        {
            "Sid": "ReadTheCatalog",
            "Effect": "Allow",
            "Action": list(_CATALOG),
            "Resource": [
                f"arn:{part}:glue:{region}:{owner}:{what}"
                for _, region in placements.in_account(mesh, account)
                for owner in sorted({account.id, mesh.central.id})
                for what in ("catalog", "database/*", "table/*/*")
            ],
        },
    ]
