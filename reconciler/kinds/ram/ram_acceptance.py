"""Acceptance of the shares that the central account makes: without it nothing of them is visible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import Owner, kept
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.kind import Kind
from reconciler.kinds.lakeformation.rights_of_grantors import CROSS_ACCOUNT
from reconciler.kinds.ram import acceptance_calls, acceptance_reader
from reconciler.kinds.ram.acceptance_reader import Outside
from reconciler.kinds.ram.received import makes_share, received_databases, receiver
from reconciler.kinds.ram.share_contents import NO_CONTENTS, Contents
from reconciler.kinds.sharing import wanted_grants
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Change, Create, Update
from reconciler.model.lakeformation import Grant
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource, Snapshot
from reconciler.spec import placements
from reconciler.spec.managed import is_managed_account
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The sender's account, and whether anything of it is still waiting to be accepted.

    `outside` was rejected, has expired or was taken out by hand; `severed` are grants of the mesh whose share is gone.
    `contents` (found side only) says of which databases and tables that is so, as far as RAM lists it.
    `databases` (wanted side only) are those of which the account receives anything: other shares are other people's.
    """

    sender: str
    pending: bool = False
    outside: tuple[Outside, ...] = ()
    severed: tuple[Grant, ...] = ()
    databases: tuple[str, ...] = field(default=(), compare=False)
    contents: Contents = field(default=NO_CONTENTS, compare=False)


class RamAcceptanceKind(Kind[Acceptance]):
    """Accept what the mesh's own central account offers, and nothing from anybody else.

    https://docs.aws.amazon.com/lake-formation/latest/dg/accepting-ram-invite.html
    """

    name = addresses.RAM_ACCEPTANCE
    summary = "Acceptance of RAM invitations from the central account."
    takes_only_access = True
    decides_access = True
    parts = frozenset({"central"})
    written_by = frozenset({"producer", "consumer"})
    reads = ("ram:GetResourceShareAssociations", "lakeformation:ListPermissions", "glue:GetDatabases")
    writes = ("ram:GetResourceShareInvitations", "ram:AcceptResourceShareInvitation", *CROSS_ACCOUNT)
    changed_by = (
        "ram:AcceptResourceShareInvitation",
        "ram:RejectResourceShareInvitation",
        "ram:AssociateResourceShare",
        "ram:DisassociateResourceShare",
        "ram:DeleteResourceShare",
    )

    def mentions(self, resource: Resource[Acceptance]) -> tuple[str, ...]:
        return ()

    def desired(self, mesh: Mesh) -> Iterable[Resource[Acceptance]]:
        central, version = mesh.central.id, mesh.settings.cross_account_version
        # Few principals stand in a million permissions.
        received_by = cache(partial(receiver, mesh=mesh))
        receivers = {
            account: wanted.origin
            for wanted in wanted_grants(mesh)
            if wanted.address.placement.account == central
            and makes_share(wanted.spec, version)
            and (account := received_by(wanted.spec.principal))
        }
        for account in sorted(receivers):
            yield Resource(
                addresses.ram_acceptance(placements.of_account_id(mesh, account)),
                _wanted(mesh, account),
                receivers[account],
                mode="managed" if is_managed_account(mesh, account) else "external",
            )

    def covers(self, placement: Placement, mesh: Mesh) -> Iterable[Placement]:
        """The central account sees whether each of the others has accepted."""
        return (
            placements.of_account(mesh, account)
            for account in mesh.accounts.values()
            if account.id != placement.account
        )

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Acceptance]]:
        for account, seen in acceptance_reader.seen(aws, placement, mesh).items():
            where = addresses.ram_acceptance(placements.of_account_id(mesh, account))
            contents = Contents(frozenset(seen.arrived), frozenset(seen.waiting))
            lost = tuple(seen.outside), tuple(seen.severed)
            yield Resource(where, Acceptance(placement.account, seen.pending, *lost, contents=contents))

    def needs(self, resource: Resource[Acceptance]) -> Iterable[Address]:
        yield addresses.lake_settings(resource.address.placement)

    def owner(self, have: Resource[Acceptance], ownership: Ownership) -> Owner:
        return kept("shares of the central account that no document asks for; they go when their grants are revoked")

    def derived_changes(self, changes: Sequence[Change], mesh: Mesh, found: Snapshot) -> Iterable[Change]:
        """New grants to an account may make new shares, which have to be accepted in the same run."""
        known = {change.address for change in changes if change.address.kind == self.name}
        for account in sorted(_receivers(changes, mesh)):
            have = found.get(addresses.ram_acceptance(placements.of_account_id(mesh, account)))
            if have is not None and have.address not in known:
                want = Resource(have.address, _wanted(mesh, account), have.origin)
                yield Update(have, want)

    def create(self, want: Resource[Acceptance]) -> tuple[Call, ...]:
        return tuple(acceptance_calls.accepted(want.address.placement, _sender(want), want.spec.databases))

    def update(self, have: Resource[Acceptance], want: Resource[Acceptance]) -> tuple[Call, ...]:
        calls, sender = list[Call](), _sender(want)
        for each in have.spec.outside:
            calls += acceptance_calls.offered_again(sender, each.share, each.principal, is_in=each.is_in)
        calls += acceptance_calls.shared_again(sender, have.spec.severed)
        return (*calls, *self.create(want))

    def delete(self, have: Resource[Acceptance]) -> tuple[Call, ...]:
        raise AssertionError(f"a share goes with its grants: {have.address}")

    def describe(self, change: Change) -> str | None:
        if not isinstance(change, Update):
            return None
        shares, grants = len({each.share for each in change.have.spec.outside}), len(change.have.spec.severed)
        found = (
            _counted(shares, "share", "that the account left"),
            _counted(grants, "permission", "whose share is gone"),
        )
        return f"offer again, and accept: {'; '.join(filter(None, found))}" if any(found) else None


def _counted(count: int, what: str, which: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'} {which}" if count else ""


def _sender(want: Resource[Acceptance]) -> Placement:
    return Placement(want.spec.sender, want.address.placement.region)


def _wanted(mesh: Mesh, account: str) -> Acceptance:
    return Acceptance(mesh.central.id, databases=received_databases(mesh).get(account, ()))


def _receivers(changes: Sequence[Change], mesh: Mesh) -> set[str]:
    """Accounts of the mesh that the central account grants something new."""
    return {
        account
        for change in changes
        if change.address.kind == addresses.GRANT
        and isinstance(change, Create | Update)
        and change.address.placement.account == mesh.central.id
        and makes_share(change.want.spec, mesh.settings.cross_account_version)
        and (account := receiver(change.want.spec.principal, mesh))
    }
