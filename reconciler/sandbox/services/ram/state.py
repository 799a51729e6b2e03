"""The Resource Access Manager of one region: the shares that Lake Formation makes, extends and deletes."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.services.lakeformation.grants import Row
from reconciler.sandbox.services.lakeformation.paging import Pages
from reconciler.sandbox.services.lakeformation.principals import parsed
from reconciler.sandbox.services.lakeformation.resources import Policy, Resource
from reconciler.sandbox.services.ram import contents, organizations, rights
from reconciler.sandbox.services.ram.shares import Association, Invitation, Share
from reconciler.sandbox.services.ram.tokens import Tokens

if TYPE_CHECKING:
    from reconciler.sandbox.core.world import World

ON_HOLD = -1
"""The waiting of a principal who has an invitation to answer."""


class Ram:
    """The resource shares of all accounts in one region.

    looks   how many reads an association stays ASSOCIATING, or DISASSOCIATING
    """

    def __init__(self, world: World, looks: int = 2) -> None:
        self.world = world
        self.looks = looks
        self.shares: dict[str, Share] = {}
        self.pages = Pages(world)
        self.tokens = Tokens()
        self.invitations: dict[str, Invitation] = {}
        self._open: dict[tuple[str, str, str], str] = {}
        self._sent: dict[tuple[str, str], Invitation] = {}

    # What Lake Formation asks

    def require_rights(self, caller: Caller, row: Row | None, principal: str, resource: Resource, version: int) -> None:
        """Raise AccessDeniedException unless IAM lets the caller carry a grant to another account."""
        kind = contents.kind(resource)
        if kind is None or (isinstance(resource, Policy) and version < 3):
            return
        known = self._known(caller.account, principal, kind, version, row.share if row else None)
        if known is None:
            rights.require_new(self.world, caller, kind, contents.permission_arns(kind, version))
        elif principal not in known.principals or not known.uses.keys() >= {
            *contents.arns(resource, self.world.region, version)
        }:
            rights.require_more(self.world, caller, known)

    def share(self, row: Row, version: int) -> str | None:
        """Carry a grant to another account: make a share for it or extend one; its ARN.

        None if RAM has no part in it: LF-tags and locations, and tag policies before version 3.
        Version 1 makes a share for each grant; later ones keep one per kind for each pair of accounts.
        """
        kind = contents.kind(row.resource)
        if kind is None or (isinstance(row.resource, Policy) and version < 3):
            return None
        share = self._known(row.grantor, row.principal, kind, version, row.share)
        if share is None:
            share = self._new(row.grantor, kind, version)
        if version > 1:
            self._open[row.grantor, self._receiver(row.principal), kind] = share.arn
        allowed = contents.allows_sharing(self.world.glue.resource_policy(row.grantor))
        for arn in contents.arns(row.resource, self.world.region, version):
            share.uses.setdefault(arn, set()).add(row.key)
            self._associate_resource(share, arn, allowed=allowed)
        if not share.uses.get(row.principal):
            self._associate_principal(share, row.principal)
        elif self.world.beliefs["invitations-sent-again"] == "sent":
            self.associate(share, row.principal)
        share.uses.setdefault(row.principal, set()).add(row.key)
        return share.arn

    def unshare(self, row: Row, caller: Caller) -> None:
        """Take a revoked grant out of its share, and delete the share when nothing is left in it.

        Where IAM does not let the caller, the revocation is done all the same and the share stays (data.all#317).
        """
        share = self.shares.get(row.share or "")
        if share is None or share.status != "ACTIVE":
            return
        may_not = rights.refusal(self.world, caller, share, "ram:DisassociateResourceShare")
        for entity in [e for e, keys in share.uses.items() if row.key in keys]:
            share.uses[entity].discard(row.key)
            if not share.uses[entity]:
                del share.uses[entity]
                association = self.disassociate(share, entity)
                if may_not and association is not None:
                    association.status, association.waiting, association.message = "FAILED", 0, may_not
        if not share.uses and not rights.refusal(self.world, caller, share, "ram:DeleteResourceShare"):
            self.delete(share)

    def carries(self, row: Row, account: str) -> bool:
        """Whether a grant has arrived in an account: associated with both ends, and accepted."""
        if contents.kind(row.resource) is None:
            return True
        if row.share is None:
            policy = self.world.glue.resource_policy(row.grantor)
            return isinstance(row.resource, Policy) and contents.allows_tags(policy, account)
        share = self.shares[row.share]
        principal = share.principals.get(row.principal)
        leaves = [share.resources.get(arn) for arn in self._leaves(row, share)]
        ends = [principal, *leaves]
        for end in ends:
            if end is not None:
                self.look_at(share, end)
        return share.status == "ACTIVE" and all(e is not None and e.status == "ASSOCIATED" for e in ends)

    def memberships(self, account: str) -> tuple[str, ...]:
        """The organization and the units as which an account receives."""
        found = organizations.membership(account)
        return (found.organization, *found.units) if found else ()

    def shares_with_organization(self, account: str, principal: str) -> bool:
        """Whether an account may share with an organization or unit: its own, with sharing enabled."""
        found = organizations.membership(account)
        return found is not None and found.shares and found.organization.split("/")[1] in principal.split("/")

    def glue_policies(self, account: str) -> list[dict[str, Any]]:
        """The Glue resource policies that RAM made for an account's grants to others."""
        own = (s for s in self.shares.values() if s.owner == account and s.status == "ACTIVE")
        return [contents.glue_policy(share) for share in own]

    # What RAM's own operations ask

    def look_at(self, share: Share, association: Association) -> None:
        """Looking moves an association on; who let his invitation expire is taken out."""
        now = self.world.now()
        if association.waiting == ON_HOLD and self._invitation(share, self._receiver(association.entity)) == "EXPIRED":
            association.status, association.waiting, association.updated = "DISASSOCIATED", 0, now
            self.world.changes.add("ram")
        if association.settle(now):
            self.world.changes.add("ram")

    def associate(self, share: Share, principal: str) -> Association:
        """Put a principal in: who was taken out or refused is invited anew; who is in, or asked already, stays."""
        known = share.principals.get(principal)
        if known is None or known.status in ("DISASSOCIATED", "FAILED"):
            if self._invitation(share, self._receiver(principal)) != "PENDING":
                self._sent.pop((share.arn, self._receiver(principal)), None)
            self._associate_principal(share, principal)
            share.updated = self.world.now()
        return share.principals[principal]

    def disassociate(self, share: Share, entity: str) -> Association | None:
        """Begin to take a resource or principal out of a share."""
        association = share.resources.get(entity) or share.principals.get(entity)
        if association is not None:
            association.status, association.waiting = "DISASSOCIATING", self.looks
            association.updated = share.updated = self.world.now()
        return association

    def leave(self, share: Share, account: str) -> None:
        """An account gives a share up; only a new invitation would bring it back."""
        self._sent.pop((share.arn, account), None)

    def delete(self, share: Share) -> None:
        share.status, share.updated = "DELETED", self.world.now()
        for association in [*share.resources.values(), *share.principals.values()]:
            association.status, association.waiting = "DISASSOCIATED", 0

    def knows(self, arns: Sequence[str], account: str) -> bool:
        """Whether an account owns, or has received, every one of these shares."""
        found = [self.shares.get(arn) for arn in arns]
        return all(s is not None and (s.owner == account or self.receives(s, account)) for s in found)

    def receives(self, share: Share, account: str) -> bool:
        """Whether a share has arrived in an account; looking moves it on."""
        names = (account, *self.memberships(account))
        mine = [p for p in share.principals.values() if p.entity in names or parsed(p.entity)[1] == account]
        arrived = any(p.status == "ASSOCIATED" for p in mine)
        for principal in mine:
            self.look_at(share, principal)
        return arrived

    def _known(self, owner: str, principal: str, kind: str, version: int, arn: str | None) -> Share | None:
        """The share that a grant goes into: the one it is in, or that of its kind for the pair; None: a new one."""
        share = self.shares.get(arn or "")
        if share is not None and share.status == "ACTIVE":
            return share
        known = self.shares.get(self._open.get((owner, self._receiver(principal), kind), "")) if version > 1 else None
        return known if known is not None and known.status == "ACTIVE" else None

    def _leaves(self, row: Row, share: Share) -> list[str]:
        named = contents.arns(row.resource, self.world.region, 1)[-1]
        wild = contents.arns(row.resource, self.world.region, 5)[-1]
        return [named if named in share.resources else wild]

    def _receiver(self, principal: str) -> str:
        return parsed(principal)[1] or principal

    def _new(self, owner: str, kind: str, version: int) -> Share:
        random = self.world.random
        token = "".join(random.choices(string.ascii_uppercase + string.digits, k=10))
        name = f"LakeFormation-V3-{token}" if version >= 3 else f"LakeFormation-{token}"
        arn = f"arn:aws:ram:{self.world.region}:{owner}:resource-share/{self.world.uuid()}"
        now = self.world.now()
        share = Share(arn, name, owner, kind, now, now, contents.permission_arns(kind, version))
        self.shares[arn] = share
        return share

    def _associate_resource(self, share: Share, arn: str, *, allowed: bool) -> None:
        known = share.resources.get(arn)
        if known and known.status in ("ASSOCIATED", "ASSOCIATING"):
            return
        now = self.world.now()
        association = Association(arn, "RESOURCE", "ASSOCIATING", now, now, self.looks)
        if not allowed:
            association.status, association.waiting = "FAILED", 0
            association.message = "User: ram.amazonaws.com is not authorized to perform: glue:ShareResource"
        share.resources[arn] = association
        share.updated = now

    def _associate_principal(self, share: Share, principal: str) -> None:
        """Within an organization that shares at once; otherwise by an invitation to the account."""
        receiver = self._receiver(principal)
        inside, answered = self._inside(share.owner, receiver), self._invitation(share, receiver)
        comes = inside or answered == "ACCEPTED"
        now, waiting = self.world.now(), self.looks if comes else ON_HOLD
        share.principals[principal] = Association(
            principal, "PRINCIPAL", "ASSOCIATING", now, now, waiting, external=not inside
        )
        if not comes and answered is None:
            arn = f"arn:aws:ram:{self.world.region}:{share.owner}:resource-share-invitation/{self.world.uuid()}"
            self.invitations[arn] = self._sent[share.arn, receiver] = Invitation(arn, share, receiver, now)

    def _inside(self, owner: str, receiver: str) -> bool:
        own, theirs = organizations.membership(owner), organizations.membership(receiver)
        if own is None or not own.shares:
            return False
        return receiver.startswith("arn:") or (theirs is not None and theirs.organization == own.organization)

    def _invitation(self, share: Share, receiver: str) -> str | None:
        """The state of the last invitation of an account to a share."""
        sent = self._sent.get((share.arn, receiver))
        return sent.status(self.world.now()) if sent else None
