"""The Avro schema of declared columns, which Athena reads no Avro table without; and what is unusual about another one.

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
_PLAIN = frozenset(
    {
        *("type", "name", "namespace", "doc", "fields", "default", "order", "items", "values", "symbols", "size"),
        *("logicalType", "precision", "scale"),
    }
)


def avro_schema(table: str, columns: Iterable[tuple[str, str]]) -> str:
    """The schema, as JSON, of columns (name and type), each of which may be null."""
    return json.dumps(_record(table.replace("-", "_"), [(name, glue_type(kind)) for name, kind in columns]))


def unusual(schema: str) -> str:
    """A schema that may find the values of a field under another name, such as one of its aliases; nothing for others.

    Only what is known to say nothing of that is passed by; what is no JSON, or says a key twice, is kept as it is.
    https://avro.apache.org/docs/1.11.1/specification/#schema-resolution
    """
    try:
        parsed = json.loads(schema, object_pairs_hook=_unique)
        return json.dumps(parsed, sort_keys=True) if _is_unusual(parsed) else ""
    except (ValueError, RecursionError):
        return schema


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is said twice")
    return found


def _is_unusual(part: Any) -> bool:
    if isinstance(part, dict):
        return not _PLAIN.issuperset(part) or any(_is_unusual(each) for each in part.values())
    return isinstance(part, list) and any(_is_unusual(each) for each in part)


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
