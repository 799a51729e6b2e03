"""Glue jobs: curation by a script of the product's owner."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.common.marks import aws_tags, mark_text
from reconciler.kinds.common.owner import Owner, owner_by_text
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.databrew.curation import curation_name, curation_role_arn, curation_role_name
from reconciler.kinds.kind import Kind
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.json_text import JsonObject
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh

_GLUE = "5.0"
_KEPT = (
    "CodeGenConfigurationNodes",
    "Connections",
    "ExecutionClass",
    "ExecutionProperty",
    "JobMode",
    "JobRunQueuingEnabled",
    "LogUri",
    "MaintenanceWindow",
    "MaxRetries",
    "NonOverridableArguments",
    "NotificationProperty",
    "SecurityConfiguration",
    "SourceControlDetails",
    "Timeout",
)
"""What other people set on a job, and an update would take away."""


@dataclass(frozen=True, slots=True)
class GlueJob:
    """`role` is its name without path, `arn` its ARN (wanted side only); `arguments` is JSON; `version` Glue's.

    `rest` is the job as AWS has it, for writing it back.
    """

    role: str
    script: str
    arguments: JsonObject
    worker: str
    workers: int
    mark: str
    version: str = _GLUE
    arn: str = field(default="", compare=False)
    tags: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)


class GlueJobKind(Kind[GlueJob]):
    """UpdateJob replaces the whole definition. It runs on request: `meshform run`.

    https://docs.aws.amazon.com/glue/latest/webapi/API_JobUpdate.html
    """

    name = addresses.GLUE_JOB
    summary = "Glue jobs that write the curated files of products; run on request."
    parts = frozenset({"producer"})
    indexed_as = "glue:job"
    reads = ("glue:GetJobs",)
    writes = ("glue:CreateJob", "glue:UpdateJob", "glue:DeleteJob", "glue:TagResource", "iam:PassRole")
    changed_by = ("glue:CreateJob", "glue:UpdateJob", "glue:DeleteJob")

    def desired(self, mesh: Mesh) -> Iterable[Resource[GlueJob]]:
        tags = tuple(sorted(aws_tags(mesh).items()))
        for product in mesh.products.values():
            job = product.curation.glue_job if product.curation else None
            if job is not None:
                spec = GlueJob(
                    role=curation_role_name(mesh, product),
                    script=job.script,
                    arguments=json.dumps(dict(job.arguments), sort_keys=True),
                    worker=job.worker_type,
                    workers=job.workers,
                    mark=mark_text(mesh),
                    arn=curation_role_arn(mesh, product),
                    tags=tags,
                )
                placement = placements.of_product(mesh, product)
                place = product.at("curation", "glueJob")
                yield Resource(addresses.glue_job(placement, curation_name(mesh, product)), spec, place)

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[GlueJob]]:
        for row in aws.pages(placement, "glue", "GetJobs", {"MaxResults": 1000}, items="Jobs"):
            yield Resource(addresses.glue_job(placement, row["Name"]), _found(row))

    def needs(self, resource: Resource[GlueJob]) -> Iterable[Address]:
        yield addresses.iam_role(resource.address.placement, resource.spec.role)

    def owner(self, have: Resource[GlueJob], ownership: Ownership) -> Owner:
        return owner_by_text(have.spec.mark, ownership.mesh)

    def create(self, want: Resource[GlueJob]) -> tuple[Call, ...]:
        params = {"Name": want.address.name, **_definition(want.spec, {}), "Tags": dict(want.spec.tags)}
        return (Call(want.address.placement, "glue", "CreateJob", params),)

    def update(self, have: Resource[GlueJob], want: Resource[GlueJob]) -> tuple[Call, ...]:
        kept = {name: have.spec.rest[name] for name in _KEPT if name in have.spec.rest}
        params = {"JobName": want.address.name, "JobUpdate": {**kept, **_definition(want.spec, have.spec.rest)}}
        return (Call(want.address.placement, "glue", "UpdateJob", params),)

    def delete(self, have: Resource[GlueJob]) -> tuple[Call, ...]:
        gone = frozenset({"EntityNotFoundException"})
        return (Call(have.address.placement, "glue", "DeleteJob", {"JobName": have.address.name}, success_errors=gone),)


def _definition(spec: GlueJob, rest: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Description": spec.mark,
        "Role": spec.arn,
        "Command": {
            **rest.get("Command", {}),
            "Name": "glueetl",
            "ScriptLocation": spec.script,
            "PythonVersion": "3",
        },
        "DefaultArguments": json.loads(spec.arguments),
        "GlueVersion": spec.version,
        "WorkerType": spec.worker,
        "NumberOfWorkers": spec.workers,
    }


def _found(row: Mapping[str, Any]) -> GlueJob:
    return GlueJob(
        role=row.get("Role", "").rpartition("/")[2],
        script=row.get("Command", {}).get("ScriptLocation", ""),
        arguments=json.dumps(row.get("DefaultArguments") or {}, sort_keys=True),
        worker=row.get("WorkerType", ""),
        workers=row.get("NumberOfWorkers", 0),
        mark=row.get("Description", ""),
        version=row.get("GlueVersion", ""),
        rest=row,
    )
