"""S3 locations registered with Lake Formation in the central account: one a domain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from reconciler.kinds.common.ownership import Land, central, role_path
from reconciler.kinds.iam import iam_role
from reconciler.kinds.kind import ELSEWHERE, OURS, Claim, Kind
from reconciler.kinds.lakeformation import lake_settings
from reconciler.kinds.roles.location_role import register_role_arn
from reconciler.kinds.s3 import bucket_policy
from reconciler.model.address import Address, Cell
from reconciler.model.call import Call
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import domain_arn

NAME = "location"


@dataclass(frozen=True, slots=True)
class Location:
    """With which role Lake Formation reads the place, and whether IAM also decides there (hybrid access mode).

    `bucket_account` is known on the wanted side only: it orders the steps.
    """

    role: str
    hybrid: bool
    bucket_account: str = field(default="", compare=False)


class LocationKind(Kind[Location]):
    """RegisterResource with a role of ours: another account's bucket cannot use the service-linked role.

    https://docs.aws.amazon.com/lake-formation/latest/dg/register-cross-account.html
    """

    name = NAME
    summary = "S3 locations registered with Lake Formation, each with its own role."
    parts = frozenset({"central"})
    reads = ("lakeformation:ListResources",)
    writes = (
        "lakeformation:RegisterResource",
        "lakeformation:UpdateResource",
        "lakeformation:DeregisterResource",
        "iam:PassRole",
    )

    def desired(self, mesh: Mesh) -> Iterable[Resource[Location]]:
        for domain in mesh.domains.values():
            yield Resource(
                address(central(mesh), domain_arn(mesh, domain)),
                Location(register_role_arn(mesh, domain), domain.hybrid, mesh.producer(domain).id),
                origin=domain.origin,
            )

    def observe(self, aws: Reader, cell: Cell, mesh: Mesh) -> Iterable[Resource[Location]]:
        for row in aws.pages(cell, "lakeformation", "ListResources", {"MaxResults": 1000}, items="ResourceInfoList"):
            yield Resource(
                address(cell, row["ResourceArn"]),
                Location(row.get("RoleArn", ""), bool(row.get("HybridAccessEnabled"))),
                handle=row["ResourceArn"],
            )

    def needs(self, resource: Resource[Location]) -> Iterable[Address]:
        cell = resource.address.cell
        yield lake_settings.address(cell)
        yield iam_role.address(cell, resource.spec.role.rpartition("/")[2])
        if resource.spec.bucket_account:
            name = resource.address.name.split(":::", 1)[1].split("/", 1)[0]
            yield bucket_policy.address(Cell(resource.spec.bucket_account, cell.region), name)

    def claim(self, have: Resource[Location], land: Land) -> Claim:
        return OURS if f"role{role_path(land.mesh)}" in have.spec.role else ELSEWHERE

    def create(self, want: Resource[Location]) -> tuple[Call, ...]:
        return (
            Call(
                want.address.cell,
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
            "ResourceArn": want.address.name,
            "RoleArn": want.spec.role,
            "HybridAccessEnabled": want.spec.hybrid,
        }
        return (Call(want.address.cell, "lakeformation", "UpdateResource", params),)

    def delete(self, have: Resource[Location]) -> tuple[Call, ...]:
        params = {"ResourceArn": have.address.name}
        gone = frozenset({"EntityNotFoundException"})
        return (Call(have.address.cell, "lakeformation", "DeregisterResource", params, done_if=gone),)


def address(cell: Cell, arn: str) -> Address:
    """A registered location by its S3 ARN."""
    return Address(NAME, cell, arn)
