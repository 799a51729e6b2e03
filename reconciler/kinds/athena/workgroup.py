"""Athena workgroups whose settings hold for every query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.common.marks import aws_tags, mark_text
from reconciler.kinds.common.owner import Owner, owner_by_text
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.kind import Kind
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec.mesh import Mesh
from reconciler.spec.results import workgroups_of


@dataclass(frozen=True, slots=True)
class Workgroup:
    """`output` is where results go (s3://...); `cutoff` the bytes after which a query is cancelled, 0 for never."""

    output: str
    enforced: bool
    encryption: str
    cutoff: int
    state: str = "ENABLED"
    description: str = ""
    tags: tuple[tuple[str, str], ...] = field(default=(), compare=False)


class WorkgroupKind(Kind[Workgroup]):
    """Lake Formation does not guard query results: an enforced workgroup keeps those of one principal in one place.

    https://docs.aws.amazon.com/athena/latest/ug/workgroups-settings-override.html
    """

    name = addresses.WORKGROUP
    summary = "Athena workgroups with enforced settings."
    parts = frozenset({"consumer"})
    is_regional = True
    indexed_as = "athena:workgroup"
    reads = ("athena:ListWorkGroups", "athena:GetWorkGroup")
    writes = ("athena:CreateWorkGroup", "athena:UpdateWorkGroup", "athena:DeleteWorkGroup", "athena:TagResource")
    changed_by = ("athena:CreateWorkGroup", "athena:UpdateWorkGroup", "athena:DeleteWorkGroup")

    def desired(self, mesh: Mesh) -> Iterable[Resource[Workgroup]]:
        for consumer in mesh.consumers.values():
            for workgroup in workgroups_of(mesh, consumer):
                assert consumer.workgroup is not None
                yield Resource(
                    addresses.workgroup(workgroup.placement, workgroup.name),
                    Workgroup(
                        output=workgroup.location,
                        enforced=True,
                        encryption="SSE_S3",
                        cutoff=consumer.workgroup.bytes_cutoff or 0,
                        description=mark_text(mesh),
                        tags=tuple(sorted(aws_tags(mesh).items())),
                    ),
                    origin=consumer.at("workgroup"),
                    mode=consumer.workgroup.mode_of(self.name),
                )

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Workgroup]]:
        wanted = {where.name for where in self.wanted(mesh, placement)}
        for row in aws.pages(placement, "athena", "ListWorkGroups", {"MaxResults": 50}, items="WorkGroups"):
            if row["Name"] in wanted or row.get("Description") == mark_text(mesh):
                answer = aws.read(placement, "athena", "GetWorkGroup", {"WorkGroup": row["Name"]})
                assert answer is not None
                yield Resource(addresses.workgroup(placement, row["Name"]), _found(answer["WorkGroup"]))

    def needs(self, resource: Resource[Workgroup]) -> Iterable[Address]:
        yield addresses.bucket(resource.address.placement, resource.spec.output.removeprefix("s3://").split("/", 1)[0])

    def owner(self, have: Resource[Workgroup], ownership: Ownership) -> Owner:
        return owner_by_text(have.spec.description, ownership.mesh)

    def merge_unmanaged(self, want: Resource[Workgroup], have: Resource[Workgroup]) -> Resource[Workgroup]:
        """Results that somebody encrypts with a key are not encrypted with less, and a limit is not taken away."""
        encryption = have.spec.encryption or want.spec.encryption
        cutoff = want.spec.cutoff or have.spec.cutoff
        return replace(want, spec=replace(want.spec, encryption=encryption, cutoff=cutoff))

    def shortfalls(self, want: Resource[Workgroup], have: Resource[Workgroup]) -> Iterable[str]:
        """Who queries in it must find the results in a place of his own, wherever a query asks for them."""
        if (have.spec.output, have.spec.enforced) != (want.spec.output, True):
            yield (
                f"enforce its settings (EnforceWorkGroupConfiguration) with the results in {want.spec.output}"
                f"{f' instead of {have.spec.output}' if have.spec.output else ''}"
            )
        if have.spec.state != want.spec.state:
            yield "enable it"

    def create(self, want: Resource[Workgroup]) -> tuple[Call, ...]:
        tags = [{"Key": key, "Value": value} for key, value in want.spec.tags]
        params = {
            "Name": want.address.name,
            "Description": want.spec.description,
            "Configuration": _configuration(want.spec),
            "Tags": tags,
        }
        return (Call(want.address.placement, "athena", "CreateWorkGroup", params),)

    def update(self, have: Resource[Workgroup], want: Resource[Workgroup]) -> tuple[Call, ...]:
        spec = want.spec
        updates = {
            "EnforceWorkGroupConfiguration": spec.enforced,
            "ResultConfigurationUpdates": {
                "OutputLocation": spec.output,
                **(
                    {"EncryptionConfiguration": {"EncryptionOption": spec.encryption}}
                    if spec.encryption != have.spec.encryption
                    else {}
                ),
            },
            **({"BytesScannedCutoffPerQuery": spec.cutoff} if spec.cutoff else {}),
        }
        params = {
            "WorkGroup": want.address.name,
            "Description": spec.description,
            "State": spec.state,
            "ConfigurationUpdates": updates,
        }
        return (Call(want.address.placement, "athena", "UpdateWorkGroup", params),)

    def delete(self, have: Resource[Workgroup]) -> tuple[Call, ...]:
        params = {"WorkGroup": have.address.name, "RecursiveDeleteOption": True}
        return (Call(have.address.placement, "athena", "DeleteWorkGroup", params),)


def _configuration(spec: Workgroup) -> dict[str, Any]:
    configuration: dict[str, Any] = {
        "EnforceWorkGroupConfiguration": spec.enforced,
        "ResultConfiguration": {
            "OutputLocation": spec.output,
            "EncryptionConfiguration": {"EncryptionOption": spec.encryption},
        },
    }
    if spec.cutoff:
        configuration["BytesScannedCutoffPerQuery"] = spec.cutoff
    return configuration


def _found(row: dict[str, Any]) -> Workgroup:
    configuration = row.get("Configuration", {})
    results = configuration.get("ResultConfiguration", {})
    return Workgroup(
        output=results.get("OutputLocation", ""),
        enforced=bool(configuration.get("EnforceWorkGroupConfiguration")),
        encryption=results.get("EncryptionConfiguration", {}).get("EncryptionOption", ""),
        cutoff=configuration.get("BytesScannedCutoffPerQuery", 0),
        state=row.get("State", "ENABLED"),
        description=row.get("Description", ""),
    )
