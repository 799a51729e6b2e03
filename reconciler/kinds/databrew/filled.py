"""Filled: which values of the raw files a recipe puts under which column, of the table whose files it writes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.kinds import addresses
from reconciler.kinds.databrew.databrew_dataset import Dataset
from reconciler.kinds.databrew.databrew_job import BrewJob
from reconciler.kinds.databrew.databrew_recipe import BrewRecipe
from reconciler.model.resource import Snapshot
from reconciler.spec.recipe_names import recipe_names
from reconciler.spec.table_settings import Settings


@dataclass(frozen=True, slots=True)
class Filled:
    """What a recipe reads and makes of it.

    source    where the raw files are, as s3://bucket/folder/
    raw       columns that are called otherwise in the raw files: name, and name there
    settings  what else decides: where and how the raw files are, and the steps of which nobody knows what they move
    """

    source: str
    raw: Settings
    settings: Settings


def filled(snapshot: Snapshot) -> Mapping[str, Filled]:
    """By the place that a recipe's job writes to, as s3://bucket/folder/. Dataset, recipe and job have one name."""
    found: dict[str, Filled] = {}
    for job in snapshot.of(BrewJob):
        placement, name = job.address.placement, job.address.name
        dataset = snapshot.get(addresses.brew_dataset(placement, name))
        recipe = snapshot.get(addresses.brew_recipe(placement, name))
        if dataset is not None and recipe is not None:
            found[_uri(*job.spec.output)] = _filled(dataset.spec, recipe.spec)
    return found


def _filled(dataset: Dataset, recipe: BrewRecipe) -> Filled:
    source, names = _uri(*dataset.place), recipe_names(_steps(recipe))
    read = {"the recipe's source": source, "the recipe's format": f"{dataset.format} {dataset.options}"}
    steps = {"the recipe's steps": json.dumps(names.others, sort_keys=True)} if names.others else {}
    return Filled(source, tuple(sorted(names.raw.items())), tuple(sorted({**read, **steps}.items())))


def _steps(recipe: BrewRecipe) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Operations with their parameters; those with conditions are others than without."""
    for step in json.loads(recipe.steps):
        action, conditions = step.get("Action", {}), step.get("ConditionExpressions")
        said = {"conditions": conditions} if conditions else {}
        yield action.get("Operation", ""), {**(action.get("Parameters") or {}), **said}


def _uri(bucket: str, key: str) -> str:
    return f"s3://{bucket}/{key.strip('/')}/"
