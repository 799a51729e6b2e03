"""RAM shares of Lake Formation that nothing needs any more, or that failed: they are shown, and left to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import Owner, unmarkable
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.glue import database
from reconciler.kinds.kind import Kind
from reconciler.kinds.ram.found_share import GOING, FoundShare, found_shares
from reconciler.kinds.ram.received import receiver
from reconciler.kinds.ram.share_requirements import Needs, needs_of
from reconciler.model.address import Placement
from reconciler.model.call import Call
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Share:
    """What is wrong with a share, in words."""

    wrong: str


class RamShareKind(Kind[Share]):
    """Lake Formation makes, fills and empties its shares itself, but forgets those of what was dropped before.

    A share carries no mark, and may serve a permission that a listing does not show, so none is ever deleted here.
    https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-notes.html
    """

    name = addresses.RAM_SHARE
    summary = "Shares of the central account that no permission needs, or that failed; shown, never deleted."
    governed = True
    parts = frozenset({"central"})
    reads = ("ram:GetResourceShareAssociations", "lakeformation:ListPermissions", "glue:GetDatabases")

    def desired(self, mesh: Mesh) -> Iterable[Resource[Share]]:
        """Nobody asks for a share: they come with permissions."""
        return ()

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Share]]:
        shares = _seen(aws, placement, mesh)
        if not shares:
            return
        rows = aws.pages(
            placement,
            "lakeformation",
            "ListPermissions",
            {"CatalogId": placement.account, "MaxResults": 1000},
            items="PrincipalResourcePermissions",
        )
        there = (row["Name"].lower() for row in database.found_databases(aws, placement))
        needs = needs_of(rows, there, placement.account, mesh)
        for arn, share in sorted(shares.items()):
            wrong = _wrong(arn, share, needs)
            if wrong:
                yield Resource(addresses.ram_share(placement, share.name), Share(wrong), handle=arn)

    def owner(self, have: Resource[Share], ownership: Ownership) -> Owner:
        return unmarkable(
            f"{have.spec.wrong}; `aws ram delete-resource-share --resource-share-arn {have.handle}` ends it"
        )

    def create(self, want: Resource[Share]) -> tuple[Call, ...]:
        raise AssertionError(f"a share comes with its permissions: {want.address}")

    def update(self, have: Resource[Share], want: Resource[Share]) -> tuple[Call, ...]:
        raise AssertionError(f"a share is Lake Formation's: {want.address}")

    def delete(self, have: Resource[Share]) -> tuple[Call, ...]:
        raise AssertionError(f"a share is left to people: {have.address}")


def _seen(aws: Reader, placement: Placement, mesh: Mesh) -> dict[str, FoundShare]:
    """The account's own shares that are with an account of the mesh, by ARN."""
    return {
        arn: share
        for arn, share in found_shares(aws, placement).items()
        if any(receiver(who, mesh) for who in _staying(share.principals))
    }


def _staying(associations: Mapping[str, str]) -> list[str]:
    return sorted(entity for entity, status in associations.items() if status not in GOING)


def _wrong(arn: str, share: FoundShare, needs: Needs) -> str:
    """What is wrong with a share; empty if nothing is."""
    principals, resources = _staying(share.principals), _staying(share.resources)
    whom = ", ".join(principals)
    if share.failed:
        return f"its association failed with {', '.join(sorted(share.failed))}"
    if arn in needs.shares:
        return ""
    left_over = [each for each in resources if not needs.covers(principals, each)]
    leaves = [each for each in resources if not each.endswith(":catalog")]
    if not left_over and leaves:
        return ""
    if len(left_over) == len(leaves):
        return f"an orphan: no permission needs this share with {whom}"
    return f"no permission needs {', '.join(left_over)} in this share with {whom}"
