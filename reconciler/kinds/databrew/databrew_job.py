"""DataBrew recipe jobs: a recipe over a dataset, written where a table of the product has its files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.common.kept import kept
from reconciler.kinds.common.marks import aws_tags
from reconciler.kinds.common.owner import Owner, owner_by_mark
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.databrew.curation import Place, csv_options, curation_role_arn, mark_on, recipes, taken
from reconciler.kinds.kind import Kind
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Change, Update
from reconciler.model.json_text import JsonObject
from reconciler.model.plan import Foreign
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec.mesh import Mesh

_VERSION = "LATEST_PUBLISHED"
_KEPT = (
    "DataCatalogOutputs",
    "DatabaseOutputs",
    "EncryptionKeyArn",
    "EncryptionMode",
    "LogSubscription",
    "MaxCapacity",
    "MaxRetries",
    "Timeout",
)
_OF_OUTPUT = ("CompressionFormat", "MaxOutputFiles", "PartitionColumns")


@dataclass(frozen=True, slots=True)
class BrewJob:
    """Dataset and recipe have the job's own name. `options` is JSON in DataBrew's words."""

    role: str
    output: Place
    format: str
    options: JsonObject
    mark: str
    tags: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)


class BrewJobKind(Kind[BrewJob]):
    """It runs on request: `meshform run`. Each run replaces what the last one wrote.

    https://docs.aws.amazon.com/databrew/latest/dg/jobs.recipe.html
    """

    name = addresses.BREW_JOB
    summary = "DataBrew jobs that write the curated files of products; run on request."
    parts = frozenset({"producer"})
    indexed_as = "databrew:job"
    reads = ("databrew:ListJobs",)
    writes = (
        "databrew:CreateRecipeJob",
        "databrew:UpdateRecipeJob",
        "databrew:DeleteJob",
        "databrew:TagResource",
        "iam:PassRole",
    )
    changed_by = ("databrew:CreateRecipeJob", "databrew:UpdateRecipeJob", "databrew:DeleteJob")

    def desired(self, mesh: Mesh) -> Iterable[Resource[BrewJob]]:
        tags = tuple(sorted(aws_tags(mesh).items()))
        for each in recipes(mesh):
            form, csv = each.table.format, each.table.csv
            options = json.dumps(csv_options(form, csv, header=False), sort_keys=True)
            spec = BrewJob(curation_role_arn(mesh, each.product), each.output, form.upper(), options, mesh.name, tags)
            yield Resource(addresses.brew_job(each.placement, each.name), spec, each.origin)

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[BrewJob]]:
        for row in aws.pages(placement, "databrew", "ListJobs", {"MaxResults": 100}, items="Jobs"):
            if row.get("Type", "RECIPE") == "RECIPE":
                yield Resource(addresses.brew_job(placement, row["Name"]), _found(row))

    def needs(self, resource: Resource[BrewJob]) -> Iterable[Address]:
        placement, name = resource.address.placement, resource.address.name
        yield addresses.brew_dataset(placement, name)
        yield addresses.brew_recipe(placement, name)
        yield addresses.iam_role(placement, resource.spec.role)

    def owner(self, have: Resource[BrewJob], ownership: Ownership) -> Owner:
        return owner_by_mark(have.spec.mark, ownership.mesh)

    def blocked(self, change: Change, foreign: Iterable[Foreign]) -> str | None:
        return taken(change)

    def shortfalls(self, want: Resource[BrewJob], have: Resource[BrewJob]) -> Iterable[str]:
        yield taken(Update(have, want)) or "the name is taken"

    def create(self, want: Resource[BrewJob]) -> tuple[Call, ...]:
        name = want.address.name
        made = {
            "DatasetName": name,
            "RecipeReference": {"Name": name, "RecipeVersion": _VERSION},
            "Tags": dict(want.spec.tags),
        }
        return (_call(want, "CreateRecipeJob", {}, **made),)

    def update(self, have: Resource[BrewJob], want: Resource[BrewJob]) -> tuple[Call, ...]:
        return (_call(want, "UpdateRecipeJob", have.spec.rest),)

    def delete(self, have: Resource[BrewJob]) -> tuple[Call, ...]:
        gone = frozenset({"ResourceNotFoundException"})
        return (
            Call(have.address.placement, "databrew", "DeleteJob", {"Name": have.address.name}, success_errors=gone),
        )


def _call(want: Resource[BrewJob], operation: str, rest: Mapping[str, Any], /, **more: object) -> Call:
    """UpdateRecipeJob replaces the whole: its encryption, log and capacity are others' to say."""
    spec = want.spec
    bucket, key = spec.output
    first: Mapping[str, Any] = next(iter(rest.get("Outputs") or ()), {})
    place = {**first.get("Location", {}), "Bucket": bucket, "Key": key}
    output = {**kept(first, _OF_OUTPUT), "Location": place, "Format": spec.format, "Overwrite": True}
    params = {
        **kept(rest, _KEPT),
        "Name": want.address.name,
        "RoleArn": spec.role,
        "Outputs": [{**output, **json.loads(spec.options)}],
        **more,
    }
    return Call(want.address.placement, "databrew", operation, params)


def _found(row: Mapping[str, Any]) -> BrewJob:
    outputs = row.get("Outputs") or [{}]
    place = outputs[0].get("Location", {})
    given = {"FormatOptions": outputs[0]["FormatOptions"]} if outputs[0].get("FormatOptions") else {}
    return BrewJob(
        row.get("RoleArn", ""),
        (place.get("Bucket", ""), place.get("Key", "")),
        outputs[0].get("Format", ""),
        json.dumps(given, sort_keys=True),
        mark_on(row),
        rest=row,
    )
