"""DataBrew datasets: the raw files of a product."""

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
from reconciler.kinds.databrew.curation import Place, csv_options, mark_on, recipes, taken
from reconciler.kinds.kind import Kind
from reconciler.model.address import Placement
from reconciler.model.call import Call
from reconciler.model.change import Change, Update
from reconciler.model.json_text import JsonObject
from reconciler.model.plan import Foreign
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Dataset:
    """Where the raw files lie and how they are written; `options` is JSON in DataBrew's words."""

    place: Place
    format: str
    options: JsonObject
    mark: str
    tags: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)


class BrewDatasetKind(Kind[Dataset]):
    """https://docs.aws.amazon.com/databrew/latest/dg/datasets.html"""

    name = addresses.BREW_DATASET
    summary = "DataBrew datasets over the raw files of products."
    parts = frozenset({"producer"})
    indexed_as = "databrew:dataset"
    reads = ("databrew:ListDatasets",)
    writes = ("databrew:CreateDataset", "databrew:UpdateDataset", "databrew:DeleteDataset", "databrew:TagResource")
    changed_by = ("databrew:CreateDataset", "databrew:UpdateDataset", "databrew:DeleteDataset")

    def desired(self, mesh: Mesh) -> Iterable[Resource[Dataset]]:
        tags = tuple(sorted(aws_tags(mesh).items()))
        for each in recipes(mesh):
            source = each.brew.source
            options = json.dumps(csv_options(source.format, source.csv, header=True), sort_keys=True)
            spec = Dataset(each.raw, source.format.upper(), options, mesh.name, tags)
            yield Resource(addresses.brew_dataset(each.placement, each.name), spec, each.origin)

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[Dataset]]:
        for row in aws.pages(placement, "databrew", "ListDatasets", {"MaxResults": 100}, items="Datasets"):
            source = row.get("Input", {}).get("S3InputDefinition", {})
            # Only the options of the format itself count; those of an earlier format may still be there.
            csv = (row.get("FormatOptions") or {}).get("Csv") if row.get("Format") == "CSV" else None
            given = {"FormatOptions": {"Csv": csv}} if csv else {}
            yield Resource(
                addresses.brew_dataset(placement, row["Name"]),
                Dataset(
                    (source.get("Bucket", ""), source.get("Key", "")),
                    row.get("Format", ""),
                    json.dumps(given, sort_keys=True),
                    mark_on(row),
                    rest=row,
                ),
            )

    def owner(self, have: Resource[Dataset], ownership: Ownership) -> Owner:
        return owner_by_mark(have.spec.mark, ownership.mesh)

    def blocked(self, change: Change, foreign: Iterable[Foreign]) -> str | None:
        return taken(change)

    def shortfalls(self, want: Resource[Dataset], have: Resource[Dataset]) -> Iterable[str]:
        yield taken(Update(have, want)) or "the name is taken"

    def create(self, want: Resource[Dataset]) -> tuple[Call, ...]:
        return (_call(want, "CreateDataset", {}, Tags=dict(want.spec.tags)),)

    def update(self, have: Resource[Dataset], want: Resource[Dataset]) -> tuple[Call, ...]:
        return (_call(want, "UpdateDataset", have.spec.rest),)

    def delete(self, have: Resource[Dataset]) -> tuple[Call, ...]:
        gone = frozenset({"ResourceNotFoundException"})
        return (
            Call(have.address.placement, "databrew", "DeleteDataset", {"Name": have.address.name}, success_errors=gone),
        )


def _call(want: Resource[Dataset], operation: str, rest: Mapping[str, Any], /, **more: object) -> Call:
    """UpdateDataset replaces the whole: which of the files are read is others' to say."""
    bucket, key = want.spec.place
    there = rest.get("Input", {}).get("S3InputDefinition", {})
    params = {
        **kept(rest, ("PathOptions",)),
        "Name": want.address.name,
        "Format": want.spec.format,
        **json.loads(want.spec.options),
        "Input": {
            **kept(rest.get("Input", {}), ("Metadata",)),
            "S3InputDefinition": {**there, "Bucket": bucket, "Key": key},
        },
        **more,
    }
    return Call(want.address.placement, "databrew", operation, params)
