"""Resource shares with their associations and invitations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

EXPIRY = timedelta(hours=12)
"""How long an invitation waits for an answer; seven days have other resources than those of Glue.

https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html
"""


@dataclass(slots=True)
class Association:
    """A resource or a principal of a share. `waiting`: how many more looks it stays in its passing state."""

    entity: str
    kind: str
    status: str
    created: datetime
    updated: datetime
    waiting: int = 0
    external: bool = False
    message: str | None = None

    def settle(self, now: datetime) -> bool:
        """One look at it: after a few, ASSOCIATING becomes ASSOCIATED and DISASSOCIATING DISASSOCIATED.

        Whether anything moved.
        """
        moved = self.waiting > 0
        if self.waiting > 0:
            self.waiting -= 1
        if self.waiting == 0 and self.status in ("ASSOCIATING", "DISASSOCIATING"):
            self.status = self.status.removesuffix("ING") + "ED"
            self.updated = now
            moved = True
        return moved

    def shape(self, share: Share) -> dict[str, Any]:
        """As GetResourceShareAssociations shows it."""
        shown = {
            "resourceShareArn": share.arn,
            "resourceShareName": share.name,
            "associatedEntity": self.entity,
            "associationType": self.kind,
            "status": self.status,
            "creationTime": self.created,
            "lastUpdatedTime": self.updated,
            "external": self.external,
        }
        return shown | ({"statusMessage": self.message} if self.message else {})


@dataclass(slots=True)
class Share:
    """A resource share that Lake Formation made.

    kind    what it carries: GRANT (version 1: one grant), DATABASE, TABLE, ALL_TABLES, TAG_DATABASE, TAG_TABLE
    uses    the grants that need each resource; a resource that none needs leaves the share
    """

    arn: str
    name: str
    owner: str
    kind: str
    created: datetime
    updated: datetime
    permissions: tuple[str, ...]
    status: str = "ACTIVE"
    resources: dict[str, Association] = field(default_factory=dict)
    principals: dict[str, Association] = field(default_factory=dict)
    uses: dict[str, set[object]] = field(default_factory=dict)

    def shape(self) -> dict[str, Any]:
        """As GetResourceShares shows it."""
        return {
            "resourceShareArn": self.arn,
            "name": self.name,
            "owningAccountId": self.owner,
            "allowExternalPrincipals": True,
            "status": self.status,
            "creationTime": self.created,
            "lastUpdatedTime": self.updated,
            "featureSet": "STANDARD",
        }


@dataclass(slots=True)
class Invitation:
    """What an account outside the organization must accept before it sees anything of a share."""

    arn: str
    share: Share
    receiver: str
    sent: datetime
    answer: str | None = None

    def status(self, now: datetime) -> str:
        if self.answer is None:
            return "EXPIRED" if now - self.sent >= EXPIRY else "PENDING"
        return self.answer

    def shape(self, now: datetime) -> dict[str, Any]:
        """As GetResourceShareInvitations shows it."""
        return {
            "resourceShareInvitationArn": self.arn,
            "resourceShareName": self.share.name,
            "resourceShareArn": self.share.arn,
            "senderAccountId": self.share.owner,
            "receiverAccountId": self.receiver,
            "receiverArn": f"arn:aws:iam::{self.receiver}:root",
            "invitationTimestamp": self.sent,
            "status": self.status(now),
        }
