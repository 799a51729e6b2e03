"""What each account has of the shares of the central one: accepted, waiting, lost by hand, or gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from reconciler.kinds import addresses
from reconciler.kinds.glue.database import found_databases
from reconciler.kinds.lakeformation import lf_codec
from reconciler.kinds.ram.found_share import GOING, FoundShare, found_shares, last_invitations
from reconciler.kinds.ram.received import makes_share, receiver
from reconciler.kinds.ram.share_contents import leaves, leaves_of
from reconciler.kinds.ram.share_requirements import Needs, needs_of
from reconciler.kinds.sharing import wanted_grants
from reconciler.model.address import Placement
from reconciler.model.lakeformation import Grant
from reconciler.model.reader import Reader, Unseen
from reconciler.spec import placements
from reconciler.spec.extents import product_databases
from reconciler.spec.mesh import Mesh

Why = Literal["rejected", "expired", "taken out", "failed"]
_DEAD: Mapping[str, Why] = {"REJECTED": "rejected", "EXPIRED": "expired"}


@dataclass(frozen=True, slots=True, order=True)
class Outside:
    """A principal that is no more in a share that it needs; `is_in` where it is, and can accept no invitation."""

    share: str
    principal: str
    why: Why
    is_in: bool = False


@dataclass(slots=True)
class Seen:
    """What an account has; see ram_acceptance.Acceptance."""

    pending: bool = False
    arrived: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    outside: list[Outside] = field(default_factory=list)
    severed: list[Grant] = field(default_factory=list)


def seen(aws: Reader, placement: Placement, mesh: Mesh) -> Mapping[str, Seen]:
    """By account: every one that has something of a share, or should.

    Only shares that may hold something of the mesh can wait or be lost: other teams share from the same account.
    """
    found: dict[str, Seen] = {}
    shares, rows = found_shares(aws, placement), _rows(aws, placement)
    databases = product_databases(mesh)

    @cache
    def needs(principal: str) -> Needs:
        """What is given to exactly this one: a role leaves a share that its account still needs."""
        own = [row for row in rows if row["Principal"]["DataLakePrincipalIdentifier"] == principal]
        of_whole = own or principal.isdigit()
        return needs_of(own, _names(aws, placement), placement.account, mesh) if of_whole else Needs(frozenset())

    for arn, share in sorted(shares.items()):
        for principal, status in sorted(share.principals.items()):
            account = receiver(principal, mesh)
            if account is None:
                continue
            if status not in GOING:
                found.setdefault(account, Seen())
            if status == "ASSOCIATED":
                found[account].arrived |= leaves(share.resources)
            if not share.holds(databases) or status == "ASSOCIATED":
                continue
            is_in = status == "ASSOCIATING"
            if not is_in and not _is_needed(arn, share, principal, needs(principal)):
                continue
            known = found.setdefault(account, Seen())
            known.pending = True
            known.waiting |= leaves(share.resources)
            dead = _dead(aws, placements.of_account_id(mesh, account), placement.account).get(arn)
            if dead or not is_in:
                known.outside.append(
                    Outside(arn, principal, dead or ("failed" if status == "FAILED" else "taken out"), is_in)
                )
    for account, grants in _severed(rows, shares, placement, mesh).items():
        known = found.setdefault(account, Seen())
        known.pending, known.severed = True, grants
        known.waiting |= leaves_of(grants)
    return found


def _is_needed(arn: str, share: FoundShare, principal: str, needs: Needs) -> bool:
    """Whether permissions need a principal in a share that it is leaving or has left."""
    there = [each for each, status in share.resources.items() if status not in GOING and not each.endswith(":catalog")]
    return share.stands and (arn in needs.shares or any(needs.covers([principal], each) for each in there))


def _dead(aws: Reader, receiver_placement: Placement, sender: str) -> Mapping[str, Why]:
    """By share: why an account can accept no invitation to it. Where it does not show them, none is known."""
    with suppress(Unseen):
        last = last_invitations(aws, receiver_placement, sender)
        return {arn: _DEAD[status] for arn, status in last.items() if status in _DEAD}
    return {}


def _severed(
    rows: Iterable[Mapping[str, Any]], shares: Mapping[str, FoundShare], placement: Placement, mesh: Mesh
) -> Mapping[str, list[Grant]]:
    """By account: grants that the mesh asks for, and whose share, which they name, is gone."""
    found: dict[str, list[Grant]] = {}
    for row in rows:
        named = row.get("AdditionalDetails", {}).get("ResourceShare", ())
        account = receiver(row["Principal"]["DataLakePrincipalIdentifier"], mesh)
        if account and named and not any(arn in shares and shares[arn].stands for arn in named):
            found.setdefault(account, []).extend(lf_codec.decode(row, placement.account))
    if not found:
        return found
    wanted = {each.address for each in wanted_grants(mesh)}
    version = mesh.settings.cross_account_version
    kept = {
        account: sorted(
            (each for each in grants if makes_share(each, version) and addresses.grant(placement, each) in wanted),
            key=lambda grant: grant.name,
        )
        for account, grants in found.items()
    }
    return {account: grants for account, grants in kept.items() if grants}


def _rows(aws: Reader, placement: Placement) -> list[Mapping[str, Any]]:
    """The permissions of the account's catalog; none where they are not shown, so that nothing counts as lost."""
    request = {"CatalogId": placement.account, "MaxResults": 1000}
    with suppress(Unseen):
        return list(
            aws.pages(placement, "lakeformation", "ListPermissions", request, items="PrincipalResourcePermissions")
        )
    return []


def _names(aws: Reader, placement: Placement) -> list[str]:
    with suppress(Unseen):
        return [row["Name"].lower() for row in found_databases(aws, placement)]
    return []
