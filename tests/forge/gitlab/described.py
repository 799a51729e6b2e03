"""GitLab's published API description, held against both sides of every request to the stand-in.

It says of most fields no more than their names (every one of unknown type is called a string, lists are left out), so
names, methods, paths, values of enumerations and what must be there are what is held.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

DESCRIPTION = Path(__file__).with_name("gitlab.trimmed.json")
#: Of every list: https://docs.gitlab.com/api/rest/#pagination
_PAGES = frozenset({"page", "per_page"})


@cache
def document() -> dict[str, Any]:
    """The description as plain data."""
    data: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    return data


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    """What paths look like: a part that stands for something holds no slash, but for the path of an artifact."""
    found = []
    for path, item in document()["paths"].items():
        parts = (re.escape(part) for part in path.split("/"))
        whole = "/".join(
            ".+" if part.startswith("\\*") else "[^/]+" if part.startswith("\\{") else part for part in parts
        )
        found.append((re.compile(whole), item))
    return tuple(found)


def operation(method: str, path: str) -> dict[str, Any] | None:
    """What is described of a method of a raw path (with its escapes)."""
    for pattern, item in _patterns():
        if pattern.fullmatch(path) and method.lower() in item:
            return dict(item[method.lower()])
    return None


def refusal(method: str, path: str, query: Mapping[str, str], body: bytes) -> str | None:
    """Why GitLab would not know a request; None when it would."""
    known = operation(method, path)
    if known is None:
        return f"{method} {path} is not described"
    asked = {each["name"]: each for each in known.get("parameters", ()) if each["in"] == "query"}
    for name, value in query.items():
        if name not in asked and name not in _PAGES:
            return f"{method} {path}: there is no query {name}"
        values = asked.get(name, {}).get("schema", {}).get("enum")
        if values and value not in values:
            return f"{method} {path}: {name} is not {value}"
    schema = _schema(known.get("requestBody"))
    given = json.loads(body) if body else {}
    fields = schema.get("properties", {})
    unknown = [name for name in given if name not in fields]
    missing = [name for name in schema.get("required", ()) if name not in given]
    return f"{method} {path}: unknown {unknown}, missing {missing}" if unknown or missing else None


def undescribed(method: str, path: str, status: int, answer: Any) -> str | None:
    """What of an answer is not described; None when all is."""
    responses = (operation(method, path) or {}).get("responses", {})
    # Of what it makes it says 200 or 201, whatever it answers.
    response = responses.get(str(status)) or (responses.get("200") if status == 201 else None)
    if response is None:
        return f"{method} {path} does not answer {status}"
    schema = _schema(response)
    unknown = next(_unknown(answer, schema), None) if schema else None
    return f"{method} {path}: {unknown} is not described" if unknown else None


def _unknown(value: Any, schema: Mapping[str, Any]) -> Iterator[str]:
    schema = _meant(schema)
    if isinstance(value, list):
        for each in value:
            yield from _unknown(each, schema.get("items", schema))
    elif isinstance(value, dict) and "properties" in schema:
        for name, part in value.items():
            if name not in schema["properties"]:
                yield name
            else:
                yield from _unknown(part, schema["properties"][name])


def _schema(holder: Mapping[str, Any] | None) -> dict[str, Any]:
    """The schema of a body."""
    if holder and "$ref" in holder:
        holder = _meant(holder)
    content = (holder or {}).get("content", {})
    return dict(_meant(content.get("application/json", {}).get("schema", {})))


def _meant(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        _, section, name = schema["$ref"].removeprefix("#/").split("/")
        schema = document()["components"][section][name]
    return schema
