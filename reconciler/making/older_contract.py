"""A contract of the Data Contract Specification in the words of the Open Data Contract Standard.

The specification is given up in favour of the standard; https://datacontract-specification.com names its fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TYPES = {
    **dict.fromkeys(("string", "text", "varchar"), "string"),
    **dict.fromkeys(("number", "decimal", "numeric"), "number"),
    **dict.fromkeys(("int", "integer", "long", "bigint"), "integer"),
    **dict.fromkeys(("float", "double"), "number"),
    **dict.fromkeys(("timestamp", "timestamp_tz", "timestamp_ntz"), "timestamp"),
    **dict.fromkeys(("object", "record", "struct"), "object"),
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "array": "array",
    "map": "map",
}
_PHYSICAL = {"long": "bigint", "bigint": "bigint", "float": "float", "double": "double", "bytes": "binary"}
_OPTIONS = ("minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_COLUMN = ("description", "required", "unique", "classification")
_AGE = re.compile(r"([0-9]+) ?([a-zA-Z]+)")
_ISO = re.compile(r"P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?)?")


def as_odcs(said: Mapping[str, Any]) -> dict[str, Any]:
    """The same contract as one of the standard, as far as a mesh reads it."""
    info, models = _fields(said.get("info")), _fields(said.get("models"))
    servers = _fields(said.get("servers"))
    return {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "name": info.get("title"),
        "description": {"purpose": info.get("description")},
        "team": {"name": info.get("owner")},
        "servers": [each for each in servers.values() if isinstance(each, dict)],
        "slaProperties": [*_freshness(_fields(said.get("servicelevels")))],
        "schema": [{**_table(_fields(model)), "name": name} for name, model in models.items()],
    }


def _fields(said: object) -> Mapping[str, Any]:
    return said if isinstance(said, dict) else {}


def _table(model: Mapping[str, Any]) -> dict[str, Any]:
    description = model.get("description")
    said: dict[str, Any] = {"description": description} if isinstance(description, str) else {}
    return {**said, "properties": _columns(model.get("fields"))}


def _columns(fields: object) -> list[dict[str, Any]]:
    return [{**_column(_fields(field)), "name": name} for name, field in _fields(fields).items()]


def _column(field: Mapping[str, Any]) -> dict[str, Any]:
    word = str(field.get("type", "")).lower()
    said: dict[str, Any] = {name: field[name] for name in _COLUMN if name in field}
    said["logicalType"] = _TYPES.get(word, word or None)
    if word in _PHYSICAL:
        said["physicalType"] = _PHYSICAL[word]
    if word in ("decimal", "numeric", "number") and isinstance(field.get("precision"), int):
        said["physicalType"] = f"decimal({field['precision']},{field.get('scale') or 0})"
    if field.get("primaryKey") is True or field.get("primary") is True:
        said["primaryKey"] = True
    said["logicalTypeOptions"] = {name: field[name] for name in _OPTIONS if name in field}
    if isinstance(field.get("enum"), list):
        said["enum"] = [{"value": value} for value in field["enum"]]
    if "fields" in field:
        said["properties"] = _columns(field["fields"])
    if "items" in field:
        said["items"] = _column(_fields(field["items"]))
    if word == "map":
        said["map"] = {"key": _column(_fields(field.get("keys"))), "value": _column(_fields(field.get("values")))}
    if field.get("pii") is True and "classification" not in field:
        said["classification"] = "pii"
    return said


def _freshness(levels: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for name in ("freshness", "latency"):
        threshold = str(_fields(levels.get(name)).get("threshold", ""))
        short, iso = _AGE.fullmatch(threshold), _ISO.fullmatch(threshold)
        if short:
            found.append({"property": "latency", "value": int(short[1]), "unit": short[2]})
        elif iso and any(iso.groups()):
            days, hours, minutes = (int(each or 0) for each in iso.groups())
            found.append({"property": "latency", "value": (days * 24 + hours) * 60 + minutes, "unit": "minutes"})
        elif threshold:
            found.append({"property": f"{name} {threshold}", "value": threshold})
    return found
