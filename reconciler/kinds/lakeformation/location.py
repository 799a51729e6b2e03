"""S3 locations registered with Lake Formation in the central account: one for each place of a domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.common.kept import kept
from reconciler.kinds.common.owner import Owner, owner_by_mark
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.kind import Kind
from reconciler.kinds.roles.location_role import register_role_arn
from reconciler.kinds.s3.principal_switch import BEFORE
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Change, Update
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.data_places import data_places
from reconciler.spec.managed import is_managed
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Location:
    """With which role Lake Formation reads the place, and whether IAM also decides there (hybrid access mode).

    `rest` is the registration as AWS has it, of which what others say stays. `bucket_at` is known on the wanted side
    only: it orders the steps.
    """

    role: str
    hybrid: bool
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)
    bucket_at: Placement | None = field(default=None, compare=False)


class LocationKind(Kind[Location]):
    """RegisterResource with a role of ours: another account's bucket cannot use the service-linked role.

    https://docs.aws.amazon.com/lake-formation/latest/dg/register-cross-account.html
    """

    name = addresses.LOCATION
    summary = "S3 locations registered with Lake Formation, each with its own role."
    decides_access = True
    parts = frozenset({"central"})
    reads = ("lakeformation:ListResources",)
    writes = (
        "lakeformation:RegisterResource",
        "lakeformation:UpdateResource",
        "lakeformation:DeregisterResource",
        "iam:PassRole",
    )
    changed_by = ("lakeformation:RegisterResource", "lakeformation:UpdateResource", "lakeformation:DeregisterResource")

    def desired(self, mesh: Mesh) -> Iterable[Resource[Location]]:
        for domain in mesh.domains.values():
            for place in data_places(mesh, domain):
                if not is_managed(domain) and not place.name and domain.bucket is None:
                    continue
                yield Resource(
                    addresses.location(placements.of_location(mesh, domain), place.arn),
                    Location(register_role_arn(mesh, domain), domain.hybrid, bucket_at=place.placement),
                    origin=place.at(),
                    mode=place.mode_of(self.name),
                )

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Location]]:
        for row in aws.pages(
            placement, "lakeformation", "ListResources", {"MaxResults": 1000}, items="ResourceInfoList"
        ):
            yield Resource(
                addresses.location(placement, row["ResourceArn"]),
                Location(row.get("RoleArn", ""), bool(row.get("HybridAccessEnabled")), row),
                handle=row["ResourceArn"],
            )

    def needs(self, resource: Resource[Location]) -> Iterable[Address]:
        placement = resource.address.placement
        yield addresses.lake_settings(placement)
        yield addresses.iam_role(placement, resource.spec.role)
        if resource.spec.bucket_at is not None:
            name = resource.address.name.split(":::", 1)[1].split("/", 1)[0]
            yield addresses.bucket_policy(resource.spec.bucket_at, name)

    def before(self, change: Change) -> Iterable[Address]:
        """The bucket lets in the role of before until the location is read with the new one."""
        if isinstance(change, Update):
            for needed in self.needs(change.want):
                if needed.kind == addresses.BUCKET_POLICY:
                    yield needed._replace(name=f"{needed.name}{BEFORE}")

    def owner(self, have: Resource[Location], ownership: Ownership) -> Owner:
        """By the role with which it is registered: its path says of which mesh it is."""
        _, under, path = have.spec.role.partition(":role/meshform/")
        return owner_by_mark(path.split("/", 1)[0] if under else None, ownership.mesh)

    def shortfalls(self, want: Resource[Location], have: Resource[Location]) -> Iterable[str]:
        """A registration serves by whichever role its owner gave it; whether IAM decides there too is his to say."""
        return ()

    def create(self, want: Resource[Location]) -> tuple[Call, ...]:
        return (
            Call(
                want.address.placement,
                "lakeformation",
                "RegisterResource",
                {
                    "ResourceArn": want.address.name,
                    "UseServiceLinkedRole": False,
                    "RoleArn": want.spec.role,
                    "HybridAccessEnabled": want.spec.hybrid,
                },
            ),
        )

    def update(self, have: Resource[Location], want: Resource[Location]) -> tuple[Call, ...]:
        params = {
            **kept(have.spec.rest, ("ExpectedResourceOwnerAccount", "WithFederation")),
            "ResourceArn": want.address.name,
            "RoleArn": want.spec.role,
            "HybridAccessEnabled": want.spec.hybrid,
        }
        return (Call(want.address.placement, "lakeformation", "UpdateResource", params),)

    def delete(self, have: Resource[Location]) -> tuple[Call, ...]:
        params = {"ResourceArn": have.address.name}
        gone = frozenset({"EntityNotFoundException"})
        return (Call(have.address.placement, "lakeformation", "DeregisterResource", params, success_errors=gone),)
