"""Acceptance of the shares that the central account makes: without it nothing of them is visible."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import Owner, kept
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.kind import Kind
from reconciler.kinds.sharing import wanted_grants
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call, Lookup
from reconciler.model.change import Change, Create, Update
from reconciler.model.lakeformation import Grant, OnLocation, OnTag, account_of
from reconciler.model.reader import Reader
from reconciler.model.resource import AnyResource, Resource
from reconciler.spec import placements
from reconciler.spec.managed import is_managed_account
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import subscribed_products

SHARES = "LakeFormation"
"""How the names of the shares begin that Lake Formation makes (from cross-account version 2 on)."""

_GOING = ("DISASSOCIATING", "DISASSOCIATED")

PATIENCE = 120
"""Seconds to wait for invitations and associations, which AWS makes in its own time."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The sender's account, and whether anything of it is still waiting to be accepted.

    `databases` (wanted side only) are those of which the account receives anything: other shares are other people's.
    """

    sender: str
    pending: bool = False
    databases: tuple[str, ...] = field(default=(), compare=False)


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
    reads = ("ram:GetResourceShareAssociations",)
    writes = ("ram:GetResourceShareInvitations", "ram:AcceptResourceShareInvitation")

    def desired(self, mesh: Mesh) -> Iterable[Resource[Acceptance]]:
        receivers = {
            account: wanted.origin
            for wanted in wanted_grants(mesh, passed_on=False)
            if wanted.placement.account == mesh.central.id
            and makes_share(wanted.grant)
            and (account := receiver(wanted.grant.principal, mesh))
            and is_managed_account(mesh, account)
        }
        for account in sorted(receivers):
            yield Resource(
                addresses.ram_acceptance(placements.of_account_id(mesh, account)),
                _wanted(mesh, account),
                receivers[account],
            )

    def covers(self, placement: Placement, mesh: Mesh) -> Iterable[Placement]:
        """The central account sees whether each of the others has accepted."""
        return (
            placements.of_account(mesh, account)
            for account in mesh.accounts.values()
            if account.id != placement.account
        )

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Acceptance]]:
        states: dict[str, list[bool]] = {}
        for row in aws.pages(
            placement,
            "ram",
            "GetResourceShareAssociations",
            {"associationType": "PRINCIPAL", "maxResults": 500},
            items="resourceShareAssociations",
        ):
            account = receiver(row["associatedEntity"], mesh)
            if account and is_share_name(row.get("resourceShareName", ""), placement) and row["status"] not in _GOING:
                states.setdefault(account, []).append(row["status"] != "ASSOCIATED")
        for seen in self.covers(placement, mesh):
            if seen.account in states:
                yield Resource(
                    addresses.ram_acceptance(seen), Acceptance(placement.account, pending=any(states[seen.account]))
                )

    def needs(self, resource: Resource[Acceptance]) -> Iterable[Address]:
        yield addresses.lake_settings(resource.address.placement)

    def owner(self, have: Resource[Acceptance], ownership: Ownership) -> Owner:
        return kept("shares of the central account that no document asks for; they go when their grants are revoked")

    def derived_changes(self, changes: Sequence[Change], mesh: Mesh, found: Iterable[AnyResource]) -> Iterable[Change]:
        """New grants to an account may make new shares, which have to be accepted in the same run."""
        there = {each.address: each for each in found if each.address.kind == addresses.RAM_ACCEPTANCE}
        for account in sorted(_receivers(changes, mesh)):
            have = there.get(addresses.ram_acceptance(placements.of_account_id(mesh, account)))
            if have is not None:
                want = Resource(have.address, _wanted(mesh, account), have.origin)
                yield Update(have, want)

    def create(self, want: Resource[Acceptance]) -> tuple[Call, ...]:
        return (_accept(want), _associated(want))

    def update(self, have: Resource[Acceptance], want: Resource[Acceptance]) -> tuple[Call, ...]:
        return (_accept(want), _associated(want))

    def delete(self, have: Resource[Acceptance]) -> tuple[Call, ...]:
        raise AssertionError(f"a share goes with its grants: {have.address}")


def is_share_name(name: str, owner: Placement) -> bool:
    """Whether Lake Formation made a share of an account: at cross-account version 1 it names both accounts.

    https://docs.aws.amazon.com/lake-formation/latest/dg/accepting-ram-invite.html
    """
    return name.startswith(SHARES) or re.match(rf"{owner.account}-\d{{12}}-", name) is not None


def receiver(principal: str, mesh: Mesh) -> str | None:
    """The account that receives what the central account grants to a principal; None for its own and for strangers.

    https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html
    """
    account = account_of(principal)
    return account if account and account != mesh.central.id and mesh.account_by_id(account) is not None else None


def _wanted(mesh: Mesh, account: str) -> Acceptance:
    return Acceptance(mesh.central.id, databases=_received(mesh).get(account, ()))


@memo
def _received(mesh: Mesh) -> Mapping[str, tuple[str, ...]]:
    """By account: the databases of the products that it makes or subscribes to, sorted."""
    found: dict[str, set[str]] = {}
    for product in mesh.products.values():
        found.setdefault(mesh.producer(mesh.domain(product)).id, set()).add(product.database)
    for subscription in mesh.subscriptions.values():
        reader = mesh.reader_account(mesh.consumer(subscription))
        if reader is not None:
            products = subscribed_products(mesh, subscription)
            found.setdefault(reader.id, set()).update(product.database for product in products)
    return {account: tuple(sorted(databases)) for account, databases in found.items()}


def makes_share(grant: Grant) -> bool:
    """Whether a grant to another account comes with a share of RAM: what is in one are catalogs, databases and tables.

    LF-tags and locations are given without: a wait for their share would never end.
    https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-permissions.html
    """
    return not isinstance(grant.target, OnTag | OnLocation)


def _receivers(changes: Sequence[Change], mesh: Mesh) -> set[str]:
    """Accounts of the mesh that the central account grants something new."""
    return {
        account
        for change in changes
        if change.address.kind == addresses.GRANT
        and isinstance(change, Create | Update)
        and change.address.placement.account == mesh.central.id
        and makes_share(change.want.spec)
        and (account := receiver(change.want.spec.principal, mesh))
    }


def _accept(want: Resource[Acceptance]) -> Call:
    """Accept every invitation of the sender, until the sender's shares to this account are all associated."""
    placement, sender = want.address.placement, want.spec.sender
    pending = Lookup(
        placement,
        "ram",
        "GetResourceShareInvitations",
        {"maxResults": 500},
        f"resourceShareInvitations[?senderAccountId=='{sender}' && status=='PENDING' && "
        f"starts_with(resourceShareName, '{SHARES}')].resourceShareInvitationArn",
    )
    # Every share has an association with this account; what is not accepted or not ready is not ASSOCIATED.
    ready = Lookup(
        Placement(sender, placement.region),
        "ram",
        "GetResourceShareAssociations",
        {"associationType": "PRINCIPAL", "maxResults": 500},
        f"resourceShareAssociations[?starts_with(resourceShareName, '{SHARES}') && "
        f"contains(associatedEntity, '{placement.account}')].status | "
        "contains(@, 'ASSOCIATED') && !contains(@, 'ASSOCIATING')",
    )
    return Call(
        placement,
        "ram",
        "AcceptResourceShareInvitation",
        {},
        each=("resourceShareInvitationArn", pending),
        until=ready,
        patience=PATIENCE,
        success_errors=frozenset({"ResourceShareInvitationAlreadyAcceptedException"}),
    )


def _associated(want: Resource[Acceptance]) -> Call:
    """Wait until what the sender's shares hold is in them: until then a share shows nothing of it.

    A grant can succeed while its share fails behind it, for instance under a catalog policy that forbids sharing.
    https://docs.aws.amazon.com/lake-formation/latest/dg/troubleshooting.html
    """
    # Security Lake and other teams have shares of such names too: what is in one tells whose it is.
    parts = (
        f"ends_with(associatedEntity, ':database/{name}') || contains(associatedEntity, ':table/{name}/')"
        for name in want.spec.databases
    )
    ours = " || ".join(["ends_with(associatedEntity, ':catalog')", *parts])
    shares = f"resourceShareAssociations[?starts_with(resourceShareName, '{SHARES}') && ({ours})]"
    ready = Lookup(
        Placement(want.spec.sender, want.address.placement.region),
        "ram",
        "GetResourceShareAssociations",
        {"associationType": "RESOURCE", "maxResults": 500},
        f"{shares}.status | !contains(@, 'ASSOCIATING')",
    )
    failed = (
        f"{shares} | [?status=='FAILED']"
        ".join(': ', [associatedEntity, not_null(statusMessage, 'the association failed')]) | [0]"
    )
    return Call(want.address.placement, "ram", "", {}, until=ready, patience=PATIENCE, fails=failed)
