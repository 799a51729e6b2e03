"""Examples in docs: every document among them is one, and each field of each kind stands in one of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from reconciler.spec.language.fields import fields, model_at
from reconciler.spec.language.json_schema import schemas
from reconciler.spec.language.reference import parts
from reconciler.spec.language.registry import document_types

ROOT = Path(__file__).parents[3]
PAGES = sorted((ROOT / "docs").rglob("*.md"))

Written = tuple[type[BaseModel], str]


@cache
def blocks() -> tuple[tuple[str, Any], ...]:
    """Every YAML in docs and every document of the example mesh, with where it stands."""
    found = [(path.name, text) for path in PAGES for text in re.findall(r"```yaml\n(.*?)```", path.read_text(), re.S)]
    found += [(path.name, path.read_text()) for path in sorted((ROOT / "mesh").rglob("*.yaml"))]
    return tuple((f"{name}: {text[:60]!r}", yaml.safe_load(text)) for name, text in found)


DOCUMENTS = {where: value for where, value in blocks() if isinstance(value, dict) and "kind" in value}


@pytest.mark.parametrize("where", [each for each in DOCUMENTS if DOCUMENTS[each]["kind"] in document_types()])
def test_a_document_in_the_docs_is_one(where: str) -> None:
    value = json.loads(json.dumps(DOCUMENTS[where], default=str))
    Draft202012Validator(schemas()[f"{value['kind'].lower()}.schema.json"]).validate(value)
    document_types()[value["kind"]].model_validate_json(json.dumps(value))


OTHERS = {
    "ci.md": {"repos", "pipelines"},  # pre-commit's and Bitbucket's files; tests/release plays the first
    "importing.md": {"account 444444444444"},  # `--names`, which tests/importing reads
}
"""What is a document of something else, by page and first word."""


def is_part(value: dict[str, Any], kind: str) -> bool:
    """Whether these fields could stand in a document of a kind."""
    whole = schemas()[f"{kind.lower()}.schema.json"]
    return Draft202012Validator({**whole, "required": []}).is_valid(json.loads(json.dumps(value, default=str)))


@pytest.mark.parametrize("where", [each for each, value in blocks() if each not in DOCUMENTS])
def test_a_part_of_a_document_is_one(where: str) -> None:
    value, page = dict(blocks())[where], where.partition(": ")[0]
    if page == "ci.md" and isinstance(value, list):
        return  # steps of a workflow: actionlint reads those that `init` writes
    assert isinstance(value, dict)
    if not value.keys() & OTHERS.get(page, set()):
        assert [kind for kind in document_types() if is_part(value, kind)], "no kind of document has these fields so"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_json_in_the_docs_is_json(page: Path) -> None:
    for text in re.findall(r"```json\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        json.loads(text)


def test_each_field_of_each_kind_stands_in_an_example() -> None:
    """In a whole document, or in the part of one that a page shows."""
    written: set[Written] = set()
    for _, value in blocks():
        if isinstance(value, dict):
            for kind, model in document_types().items():
                if value.get("kind", kind) == kind and value.keys() <= fields(model).keys():
                    written |= set(_written(model, (), value))
    wanted = {
        (each, name) for model in document_types().values() for each in (model, *parts(model)) for name in fields(each)
    }
    assert sorted(f"{model.__name__}.{name}" for model, name in wanted - written) == []


def _written(model: type[BaseModel], way: tuple[str | int, ...], value: Any) -> Iterator[Written]:
    """The fields that stand in a value, with the model that each is of."""
    here = model_at(model, way)
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _written(model, (*way, number), each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if here is not None:
                yield here, str(name)
            yield from _written(model, (*way, str(name)), each)
