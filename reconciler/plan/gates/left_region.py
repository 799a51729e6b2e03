"""left-region: an account no longer names a region in which its consumers queried, so nobody looks there any more."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec import placements
from reconciler.spec.rule import Rule

LEFT_REGION = Rule(
    "left-region",
    "error",
    "An account names a region until nothing of the mesh is left there.",
    "Meshform reads the regions that an account names and no others, so links, workgroups and grants of one that it "
    "left would stay. Keep the region in `regions` of the Account and give its consumers `regions` without it; once "
    "that is applied, the Account may leave it out.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each region where consumers queried, in the base or when last applied, that is read no more."""
    before, mesh = reviewed.known_before, reviewed.mesh
    if before is None:
        return
    read = {placement for account in mesh.accounts.values() for placement in placements.in_account(mesh, account)}
    left = {
        placement
        for consumer in before.consumers.values()
        for placement in placements.of_queries(before, consumer)
        if placement not in read
    }
    for placement in sorted(left):
        account = mesh.account_by_id(placement.account)
        if account is not None:
            yield Finding(
                LEFT_REGION.id,
                LEFT_REGION.severity,
                f"{account.name} no longer names {placement.region}: what its consumers have there would stay, and "
                "nobody would look after it.",
                account.at("regions"),
                hints=(
                    f"keep {placement.region} in `regions` of {account.name}, and write `regions` without it at its "
                    "consumers; leave it out of the Account when that is applied",
                ),
            )
