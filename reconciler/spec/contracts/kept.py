"""What of a data contract a mesh does not take: every field of it that nobody reads, by name and place.

The fields are those of the standard's own schema (v3.2); whatever else stands in a file is not read either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.spec.yaml.source_map import SourceMap

Read = Mapping[str, Any]
"""The fields that are read, each with those below it; True for one that is read with all that it has."""

_QUALITY = dict.fromkeys(
    (
        *("type", "metric", "rule", "engine", "implementation", "unit", "arguments", "mustBe", "mustNotBe"),
        *("mustBeGreaterThan", "mustBeGreaterOrEqualTo", "mustBeLessThan", "mustBeLessOrEqualTo", "mustBeBetween"),
    ),
    True,
)
_OPTIONS = dict.fromkeys(
    ("format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "pattern"), True
)
_TYPE: dict[str, Any] = dict.fromkeys(("name", "physicalName", "logicalType", "physicalType", "classification"), True)
_TYPE |= {"logicalTypeOptions": {"format": True}, "properties": _TYPE, "items": _TYPE}
_TYPE |= {"map": {"key": _TYPE, "value": _TYPE}}
_COLUMN: Read = {
    **_TYPE,
    **dict.fromkeys(
        (
            "description",
            "required",
            "unique",
            "primaryKey",
            "primaryKeyPosition",
            "partitioned",
            "partitionKeyPosition",
        ),
        True,
    ),
    "logicalTypeOptions": _OPTIONS,
    "enum": {"value": True},
    "quality": _QUALITY,
}
_TABLE: Read = {
    **dict.fromkeys(("name", "physicalName", "description"), True),
    "properties": _COLUMN,
    "quality": _QUALITY,
}
TABLES: Read = {
    **dict.fromkeys(("apiVersion", "kind", "id", "version", "status", "name", "dataProduct", "domain"), True),
    "schema": _TABLE,
    "slaProperties": {"property": True, "value": True, "unit": True},
}
"""Of the contract of a table of a product. What a contract is called is of no matter there."""
WHOLE: Read = {
    **TABLES,
    "schema": {**_TABLE, "physicalType": True},
    "description": {"purpose": True, "usage": True, "limitations": True},
    "team": {"name": True},
    "servers": dict.fromkeys(("type", "database", "schema", "location", "format", "delimiter"), True),
}
"""Of a contract from which a product is made."""

_FIELD: dict[str, Any] = dict.fromkeys(
    (
        *("type", "description", "required", "unique", "primary", "primaryKey", "classification", "pii", "enum"),
        *("precision", "scale", "minLength", "maxLength", "pattern", "minimum", "maximum"),
        *("exclusiveMinimum", "exclusiveMaximum"),
    ),
    True,
)
_FIELD |= {"fields": {"*": _FIELD}, "items": _FIELD, "keys": _FIELD, "values": _FIELD}
OLDER: Read = {
    "dataContractSpecification": True,
    "id": True,
    "info": dict.fromkeys(("title", "version", "description", "owner", "status"), True),
    "servers": {"*": dict.fromkeys(("type", "database", "schema", "location", "format", "delimiter"), True)},
    "servicelevels": {name: {"threshold": True} for name in ("freshness", "latency")},
    "models": {"*": {"type": True, "description": True, "fields": {"*": _FIELD}}},
}
"""Of a contract of the Data Contract Specification; `*` is any name."""


def not_read(place: SourceMap, read: Read) -> dict[str, SourceMap]:
    """The fields that nobody reads, by their names with dots, each where it first stands."""
    found: dict[str, SourceMap] = {}
    for name, where in _walk(place, read, ""):
        found.setdefault(name, where)
    return found


def said(missing: Mapping[str, SourceMap], most: int = 40) -> str:
    """Fields and their lines, in words."""
    each = [f"{name} (line {where.line})" for name, where in [*missing.items()][:most]]
    return ", ".join(each) + (f" and {len(missing) - most} more" if len(missing) > most else "")


def _walk(place: SourceMap, read: Read, before: str) -> Iterator[tuple[str, SourceMap]]:
    for key, part in place.parts:
        if isinstance(key, int):
            yield from _walk(part, read, before)
            continue
        name = f"{before}.{key}" if before else key
        below = read.get(key, read.get("*"))
        if below is None:
            yield name, part
        elif below is not True:
            yield from _walk(part, below, name)
