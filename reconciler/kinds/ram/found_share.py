"""Shares of Lake Formation as their associations show them: whom they are with, and what is in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.model.address import Placement
from reconciler.model.reader import Reader

SHARES = "LakeFormation"
"""How the names of the shares begin that Lake Formation makes (from cross-account version 2 on)."""

GOING = ("DISASSOCIATING", "DISASSOCIATED")


@dataclass(slots=True)
class FoundShare:
    """The status of every principal and resource; `failed` says what failed, and why."""

    name: str
    principals: dict[str, str] = field(default_factory=dict)
    resources: dict[str, str] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)

    @property
    def stands(self) -> bool:
        """Whether anything is in it that does not leave it."""
        return any(status not in GOING for status in self.resources.values())

    def holds(self, databases: Collection[str]) -> bool:
        """Whether something of these databases may be in it; where no database is told, it may be any."""
        told = {_database(arn) for arn in self.resources} - {""}
        return not told or not told.isdisjoint(("*", *databases))


def found_shares(aws: Reader, placement: Placement) -> dict[str, FoundShare]:
    """The shares that Lake Formation has made in an account, by ARN."""
    found: dict[str, FoundShare] = {}
    for row in _associations(aws, placement, "PRINCIPAL"):
        _of(found, row).principals[row["associatedEntity"]] = row["status"]
    for row in _associations(aws, placement, "RESOURCE") if found else ():
        _of(found, row).resources[row["associatedEntity"]] = row["status"]
    return found


def is_share_name(name: str, owner: Placement) -> bool:
    """Whether Lake Formation made a share of an account: at cross-account version 1 it names both accounts.

    https://docs.aws.amazon.com/lake-formation/latest/dg/accepting-ram-invite.html
    """
    return name.startswith(SHARES) or re.match(rf"{owner.account}-\d{{12}}-", name) is not None


def by_share_name(owner: str, receiver: str) -> str:
    """The same as a condition of JMESPath on rows of shares between two accounts."""
    return f"(starts_with(resourceShareName, '{SHARES}') || starts_with(resourceShareName, '{owner}-{receiver}-'))"


def in_database(database: str) -> str:
    """A condition of JMESPath: the resource is a database or a table of it."""
    return f"ends_with(associatedEntity, ':database/{database}') || contains(associatedEntity, ':table/{database}/')"


def _database(arn: str) -> str:
    """The database of a resource's ARN; empty for a catalog."""
    kind, _, name = arn.rpartition(":")[2].partition("/")
    return "" if kind == "catalog" else name.partition("/")[0]


def _associations(aws: Reader, placement: Placement, of: str) -> Iterator[Mapping[str, Any]]:
    request = {"associationType": of, "maxResults": 500}
    for row in aws.pages(placement, "ram", "GetResourceShareAssociations", request, items="resourceShareAssociations"):
        if is_share_name(row.get("resourceShareName", ""), placement):
            yield row


def _of(found: dict[str, FoundShare], row: Mapping[str, Any]) -> FoundShare:
    share = found.setdefault(row["resourceShareArn"], FoundShare(row["resourceShareName"]))
    if row["status"] == "FAILED":
        share.failed.add(f"{row['associatedEntity']} ({row.get('statusMessage') or 'RAM does not say why'})")
    return share


def last_invitations(aws: Reader, receiver: Placement, sender: str) -> dict[str, str]:
    """By share of a sender: what became of the last invitation of an account to it.

    https://docs.aws.amazon.com/ram/latest/APIReference/API_ResourceShareInvitation.html
    """
    rows = aws.pages(
        receiver, "ram", "GetResourceShareInvitations", {"maxResults": 500}, items="resourceShareInvitations"
    )
    mine = [row for row in rows if row["senderAccountId"] == sender]
    return {row["resourceShareArn"]: row["status"] for row in sorted(mine, key=lambda row: row["invitationTimestamp"])}
