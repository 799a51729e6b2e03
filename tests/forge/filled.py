"""Records as GitHub's description demands them: what a test does not care about is filled in by type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.forge.described import document


def filled(name: str, /, **known: Any) -> dict[str, Any]:
    """A record of the schema `name` with all required fields; `known` fields are as given."""
    record = _value({"$ref": f"#/components/schemas/{name}"}, name)
    assert isinstance(record, dict)
    return {**record, **known}


def merged(record: Mapping[str, Any], **parts: Mapping[str, Any]) -> dict[str, Any]:
    """A record with some of the fields of its parts replaced."""
    return {**record, **{key: {**(record.get(key) or {}), **value} for key, value in parts.items()}}


def _value(schema: Mapping[str, Any], name: str, depth: int = 0) -> Any:
    while "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if schema.get("nullable") and depth > 1:
        return None
    if "enum" in schema:
        return schema["enum"][0]
    if "allOf" in schema:
        parts = [_value(part, name, depth) for part in schema["allOf"]]
        return {key: value for part in parts for key, value in part.items()}
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            return _value(schema[choice][0], name, depth)
    match schema.get("type"):
        case "object" | None:
            fields = schema.get("properties", {})
            return {key: _value(fields[key], key, depth + 1) for key in schema.get("required", ()) if key in fields}
        case "array":
            return []
        case "integer" | "number":
            return 1
        case "boolean":
            return False
        case _:
            return _text(schema, name)


def _text(schema: Mapping[str, Any], name: str) -> str:
    match schema.get("format"):
        case "date-time":
            return "2026-11-22T10:00:00Z"
        case "uri":
            return f"https://api.github.com/{name}"
        case _:
            return name
