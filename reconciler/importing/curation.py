"""Crawlers and curation of products that the mesh made, as fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from reconciler.importing.evidence import Evidence
from reconciler.importing.homes import Home
from reconciler.importing.page import Data
from reconciler.kinds.databrew.databrew_dataset import Dataset
from reconciler.kinds.databrew.databrew_job import BrewJob
from reconciler.kinds.databrew.databrew_recipe import BrewRecipe
from reconciler.kinds.glue.crawler import Crawler
from reconciler.kinds.glue.glue_job import GlueJob
from reconciler.model.resource import Resource, S
from reconciler.spec.names import work_role


def crawler_of(evidence: Evidence, home: Home, product: str) -> Data:
    """The crawler of a product; None where it has none."""
    role = work_role(evidence.basis.name, "crawl", product)
    for each in evidence.found.of(Crawler):
        if each.spec.role == role and each.spec.mark.endswith(f"={evidence.basis.name}"):
            path = each.spec.path.removeprefix(_root(home)).strip("/") if each.spec.path else None
            fields: dict[str, Data] = {"schedule": each.spec.schedule or None, "path": path}
            # Without a schedule and a path a crawler still is one.
            return {key: value for key, value in fields.items() if value is not None} or {"run": True}
    return None


def curation_of(evidence: Evidence, home: Home, product: str) -> Data:
    """The curation of a product; None where it has none."""
    name = f"meshform-{evidence.basis.name}-{product}"
    recipe, raw, job = (
        _named(evidence, BrewRecipe, name),
        _named(evidence, Dataset, name),
        _named(evidence, BrewJob, name),
    )
    if recipe is not None and raw is not None and job is not None:
        steps: list[Data] = []
        for step in json.loads(recipe.spec.steps):
            _add(steps, step)
        prefix = home.prefix.rstrip("/")
        return {
            "dataBrew": {
                "source": {"location": raw.spec.place[1].removeprefix(prefix).strip("/"), **_format(raw.spec)},
                "recipe": steps,
                "output": _table_at(evidence, home, job.spec.output[1]),
            }
        }
    glue = _named(evidence, GlueJob, name)
    return None if glue is None else {"glueJob": _glue_job(glue.spec)}


def _root(home: Home) -> str:
    return f"s3://{home.bucket}/{home.prefix}"


def _named(evidence: Evidence, kind: type[S], name: str) -> Resource[S] | None:
    return next((each for each in evidence.found.of(kind) if each.address.name == name), None)


def _add(steps: list[Data], step: Mapping[str, Any]) -> None:
    """A step; names that are changed one after the other are one step."""
    action = step["Action"]
    parameters = action.get("Parameters", {})
    if action["Operation"] == "RENAME" and set(parameters) == {"sourceColumn", "targetColumn"}:
        last = steps[-1] if steps else None
        if not (isinstance(last, dict) and "rename" in last):
            last = {"rename": {}}
            steps.append(last)
        names = last["rename"]
        assert isinstance(names, dict)
        names[parameters["sourceColumn"]] = parameters["targetColumn"]
        return
    steps.append({"operation": action["Operation"], "parameters": dict(parameters)})


def _format(raw: Dataset) -> dict[str, Data]:
    """How raw files are written, as far as it is not as usual."""
    form = raw.format.lower()
    csv = json.loads(raw.options or "{}").get("FormatOptions", {}).get("Csv", {})
    details: dict[str, Data] = {}
    if csv.get("Delimiter", ",") != ",":
        details["delimiter"] = csv["Delimiter"]
    if not csv.get("HeaderRow", True):
        details["header"] = False
    return {"format": form, **({"csv": details} if details else {})}


def _table_at(evidence: Evidence, home: Home, key: str) -> str:
    """The table of the domain whose files lie at a key of its bucket."""
    place = f"s3://{home.bucket}/{key}".rstrip("/")
    tables = (table for name in home.databases for table in evidence.tables.get(name, ()))
    return next((table.table for table in tables if table.storage.location.rstrip("/") == place), key.strip("/"))


def _glue_job(job: GlueJob) -> Data:
    return {
        "script": job.script,
        "arguments": dict(json.loads(job.arguments)),
        "workerType": job.worker,
        "workers": job.workers,
    }
