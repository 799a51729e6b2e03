"""DataBrew recipes: what happens to raw columns, published so that jobs can use it."""

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
from reconciler.kinds.databrew.curation import mark_on, recipes, taken
from reconciler.kinds.kind import Kind
from reconciler.model.address import Placement
from reconciler.model.call import Call, Lookup
from reconciler.model.change import Change, Update
from reconciler.model.json_text import JsonObjects
from reconciler.model.plan import Foreign
from reconciler.model.reader import Reader
from reconciler.model.resource import Resource
from reconciler.spec.documents.curation import RecipeStep
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class BrewRecipe:
    """The steps as JSON in DataBrew's words, as they were published last; or as they wait to be, the first time."""

    steps: JsonObjects
    mark: str
    published: bool = True
    tags: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)


class BrewRecipeKind(Kind[BrewRecipe]):
    """A change is published as a new version; a job takes the latest one.

    https://docs.aws.amazon.com/databrew/latest/dg/recipes.html
    """

    name = addresses.BREW_RECIPE
    summary = "DataBrew recipes of products, published."
    parts = frozenset({"producer"})
    indexed_as = "databrew:recipe"
    reads = ("databrew:ListRecipes",)
    writes = (
        "databrew:CreateRecipe",
        "databrew:UpdateRecipe",
        "databrew:PublishRecipe",
        "databrew:ListRecipeVersions",
        "databrew:DeleteRecipeVersion",
        "databrew:TagResource",
    )
    changed_by = (
        "databrew:CreateRecipe",
        "databrew:UpdateRecipe",
        "databrew:PublishRecipe",
        "databrew:DeleteRecipeVersion",
        "databrew:BatchDeleteRecipeVersion",
    )

    def desired(self, mesh: Mesh) -> Iterable[Resource[BrewRecipe]]:
        tags = tuple(sorted(aws_tags(mesh).items()))
        for each in recipes(mesh):
            steps = [action for step in each.brew.recipe for action in _actions(step)]
            yield Resource(
                addresses.brew_recipe(each.placement, each.name),
                BrewRecipe(_text(steps), mesh.name, tags=tags),
                each.origin,
            )

    def observe(self, aws: Reader, placement: Placement, mesh: Mesh) -> Iterable[Resource[BrewRecipe]]:
        """A recipe that was made and never published is listed among the working versions only."""
        seen: set[str] = set()
        for version in ("LATEST_PUBLISHED", "LATEST_WORKING"):
            request = {"MaxResults": 100, "RecipeVersion": version}
            for row in aws.pages(placement, "databrew", "ListRecipes", request, items="Recipes"):
                if row["Name"] not in seen:
                    seen.add(row["Name"])
                    spec = BrewRecipe(
                        _text(row.get("Steps", ())), mark_on(row), version == "LATEST_PUBLISHED", rest=row
                    )
                    yield Resource(addresses.brew_recipe(placement, row["Name"]), spec)

    def owner(self, have: Resource[BrewRecipe], ownership: Ownership) -> Owner:
        return owner_by_mark(have.spec.mark, ownership.mesh)

    def blocked(self, change: Change, foreign: Iterable[Foreign]) -> str | None:
        return taken(change)

    def shortfalls(self, want: Resource[BrewRecipe], have: Resource[BrewRecipe]) -> Iterable[str]:
        yield taken(Update(have, want)) or "the name is taken"

    def create(self, want: Resource[BrewRecipe]) -> tuple[Call, ...]:
        more = {"Steps": json.loads(want.spec.steps), "Tags": dict(want.spec.tags)}
        return (_call(want, "CreateRecipe", **more), _call(want, "PublishRecipe"))

    def update(self, have: Resource[BrewRecipe], want: Resource[BrewRecipe]) -> tuple[Call, ...]:
        return (
            _call(want, "UpdateRecipe", **kept(have.spec.rest, ("Description",)), Steps=json.loads(want.spec.steps)),
            _call(want, "PublishRecipe"),
        )

    def delete(self, have: Resource[BrewRecipe]) -> tuple[Call, ...]:
        """Every published version, then the one that is worked on."""
        placement, params = have.address.placement, {"Name": have.address.name}
        gone = frozenset({"ResourceNotFoundException"})
        versions = Lookup(
            placement, "databrew", "ListRecipeVersions", {**params, "MaxResults": 100}, "Recipes[].RecipeVersion"
        )
        working = {**params, "RecipeVersion": "LATEST_WORKING"}
        return (
            Call(
                placement,
                "databrew",
                "DeleteRecipeVersion",
                params,
                each=("RecipeVersion", versions),
                success_errors=gone,
            ),
            Call(placement, "databrew", "DeleteRecipeVersion", working, success_errors=gone),
        )


def _actions(step: RecipeStep) -> Iterable[Mapping[str, Any]]:
    """A step in DataBrew's words: a rename for each column, or the operation as it is written."""
    for old, new in step.rename.items():
        yield {"Action": {"Operation": "RENAME", "Parameters": {"sourceColumn": old, "targetColumn": new}}}
    if step.operation:
        yield {"Action": {"Operation": step.operation, "Parameters": dict(step.parameters)}}


def _text(steps: Iterable[Mapping[str, Any]]) -> str:
    return json.dumps(list(steps), sort_keys=True)


def _call(want: Resource[BrewRecipe], operation: str, /, **more: object) -> Call:
    return Call(want.address.placement, "databrew", operation, {"Name": want.address.name, **more})
