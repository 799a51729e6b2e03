"""RAM shares of Lake Formation that nothing needs any more, or that failed: they are shown, and left to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import Owner, unmarkable
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.glue import database
from reconciler.kinds.kind import Kind
from reconciler.kinds.ram.ram_acceptance import is_share_name, receiver
from reconciler.kinds.ram.share_requirements import Needs, needs_of
from reconciler.model.address import Placement
from reconciler.model.call import Call
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec.mesh import Mesh

_GOING = ("DISASSOCIATING", "DISASSOCIATED")


@dataclass(frozen=True, slots=True)
class Share:
    """What is wrong with a share, in words."""

    wrong: str


@dataclass(slots=True)
class _Seen:
    """A share as its associations show it: whom it is with, what is in it, and what failed."""

    name: str
    principals: set[str] = field(default_factory=set)
    resources: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)


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


def _seen(aws: Reader, placement: Placement, mesh: Mesh) -> dict[str, _Seen]:
    """The account's own shares of Lake Formation that are with an account of the mesh, by ARN."""
    found: dict[str, _Seen] = {}
    for row in _associations(aws, placement, "PRINCIPAL"):
        who = row["associatedEntity"]
        if receiver(who, mesh):
            share = found.setdefault(row["resourceShareArn"], _Seen(row["resourceShareName"]))
            share.principals.add(who)
            _note(share, row)
    for row in _associations(aws, placement, "RESOURCE") if found else ():
        if row["resourceShareArn"] in found:
            found[row["resourceShareArn"]].resources.add(row["associatedEntity"])
            _note(found[row["resourceShareArn"]], row)
    return found


def _associations(aws: Reader, placement: Placement, of: str) -> Iterable[Mapping[str, Any]]:
    request = {"associationType": of, "maxResults": 500}
    for row in aws.pages(placement, "ram", "GetResourceShareAssociations", request, items="resourceShareAssociations"):
        if is_share_name(row.get("resourceShareName", ""), placement) and row["status"] not in _GOING:
            yield row


def _note(share: _Seen, row: Mapping[str, Any]) -> None:
    if row["status"] == "FAILED":
        share.failed.add(f"{row['associatedEntity']} ({row.get('statusMessage') or 'RAM does not say why'})")


def _wrong(arn: str, share: _Seen, needs: Needs) -> str:
    """What is wrong with a share; empty if nothing is."""
    whom = ", ".join(sorted(share.principals))
    if share.failed:
        return f"its association failed with {', '.join(sorted(share.failed))}"
    if arn in needs.shares:
        return ""
    left_over = sorted(each for each in share.resources if not needs.covers(share.principals, each))
    leaves = [each for each in share.resources if not each.endswith(":catalog")]
    if not left_over and leaves:
        return ""
    if len(left_over) == len(leaves):
        return f"an orphan: no permission needs this share with {whom}"
    return f"no permission needs {', '.join(left_over)} in this share with {whom}"
