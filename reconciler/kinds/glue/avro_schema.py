"""The Avro schema of declared columns: Athena reads no Avro table without one.

https://docs.aws.amazon.com/athena/latest/ug/avro-serde.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from reconciler.spec.language.glue_types import GlueType, glue_type

_PRIMITIVES: dict[str, Any] = {
    "tinyint": "int",
    "smallint": "int",
    "int": "int",
    "bigint": "long",
    "float": "float",
    "double": "double",
    "boolean": "boolean",
    "binary": "bytes",
    "date": {"type": "int", "logicalType": "date"},
    "timestamp": {"type": "long", "logicalType": "timestamp-millis"},
}


def avro_schema(table: str, columns: Iterable[tuple[str, str]]) -> str:
    """The schema, as JSON, of columns (name and type), each of which may be null."""
    return json.dumps(_record(table.replace("-", "_"), [(name, glue_type(kind)) for name, kind in columns]))


def _record(name: str, fields: Iterable[tuple[str, GlueType | None]]) -> dict[str, Any]:
    """Records inside are called by their path, since no two may have one name."""
    return {
        "type": "record",
        "name": name,
        "fields": [
            {"name": field, "type": ["null", _type(kind, f"{name}_{field}")], "default": None} for field, kind in fields
        ],
    }


def _type(kind: GlueType | None, path: str) -> Any:
    if kind is None:
        return "string"
    match kind.word:
        case "struct":
            return _record(path, kind.parts)
        case "array":
            return {"type": "array", "items": ["null", _type(kind.parts[0][1], path)]}
        case "map":
            return {"type": "map", "values": ["null", _type(kind.parts[1][1], path)]}
        case "decimal":
            precision, scale = kind.sizes
            return {"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": scale}
        case word:
            return _PRIMITIVES.get(word, "string")
