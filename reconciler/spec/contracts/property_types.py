"""The type of a column of a contract in Glue's words: its physical type, else what the logical one means."""

from __future__ import annotations

from reconciler.spec.contracts.odcs import Property
from reconciler.spec.contracts.physical_types import glue_type_of

_LOGICAL = {"string": "string", "date": "date", "timestamp": "timestamp", "time": "string", "boolean": "boolean"}
_INTEGERS = {"i8": "tinyint", "i16": "smallint", "u8": "smallint", "u16": "int", "i64": "bigint", "u32": "bigint"}
_FAR_INTEGERS = {"i128", "u64", "u128"}


def property_type(each: Property) -> str | None:
    """The type of Glue; None where there is none."""
    physical = glue_type_of(each.physical_type or "")
    if physical is not None:
        return physical
    option = str(each.logical_type_options.get("format"))
    match each.logical_type:
        case "integer":
            return "decimal(38,0)" if option in _FAR_INTEGERS else _INTEGERS.get(option, "int")
        case "number":
            return "float" if option == "f32" else "double"
        case "array":
            inner = property_type(each.items) if each.items else None
            return f"array<{inner}>" if inner else None
        case "object":
            fields = [(part.column_name, property_type(part)) for part in each.properties]
            if not fields or not all(name and kind for name, kind in fields):
                return None
            return f"struct<{','.join(f'{name}:{kind}' for name, kind in fields)}>"
        case "map" if each.map_ is not None:
            key, value = (property_type(part) if part else None for part in (each.map_.key, each.map_.value))
            return f"map<{key},{value}>" if key and value else None
        case other:
            return _LOGICAL.get(other or "")
