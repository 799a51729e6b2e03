"""JSON Schemas of the documents, for completion and hover text in editors."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from reconciler.spec.language.registry import document_types

DRAFT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """The schema of each kind of document, by the name of its file: `product.schema.json`."""
    return {f"{kind.lower()}.schema.json": schema(kind) for kind in document_types()}


@cache
def schema(kind: str) -> Schema:
    """The JSON Schema (draft 2020-12) of a kind of document, shared by all who ask; KeyError for no kind."""
    made = document_types()[kind].model_json_schema(by_alias=True)
    made["required"] = ["apiVersion", "kind", *made.get("required", [])]
    return {"$schema": DRAFT, "title": kind, **_without_titles(made)}


def text(schema: Schema) -> str:
    """A schema as it stands in its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _without_titles(made: Schema) -> Schema:
    """pydantic gives each field a title that says its name once more."""
    cleaned = {key: value for key, value in made.items() if key not in ("title", "$defs")}
    if "properties" in made:
        cleaned["properties"] = {
            name: {key: value for key, value in each.items() if key != "title"}
            for name, each in made["properties"].items()
        }
    if "$defs" in made:
        cleaned["$defs"] = {name: _without_titles(each) for name, each in sorted(made["$defs"].items())}
    return cleaned
