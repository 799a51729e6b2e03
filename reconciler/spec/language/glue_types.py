"""Types of columns as Glue and Athena write them: int, decimal(10,2), array<struct<a:int>>."""

from __future__ import annotations

import re

PRIMITIVES = (
    "bigint",
    "binary",
    "boolean",
    "date",
    "double",
    "float",
    "int",
    "smallint",
    "string",
    "timestamp",
    "tinyint",
)
NESTED = ("array", "map", "struct", "decimal", "char", "varchar")
_SIZED = re.compile(r"(char|varchar)\([1-9][0-9]{0,4}\)|decimal\([1-9][0-9]?(,[0-9]{1,2})?\)")
_MAX_DEPTH = 16
_FIELD = re.compile(r"[a-z0-9_]+")


def is_glue_type(text: str, depth: int = 0) -> bool:
    """Whether Athena can read a column of this type. Lower case, no blanks but after commas, at most 16 deep."""
    text = text.replace(", ", ",")
    if text in PRIMITIVES or text == "decimal" or _SIZED.fullmatch(text):
        return True
    outer, _, inner = text.partition("<")
    if not inner.endswith(">") or depth == _MAX_DEPTH:
        return False
    parts = _split(inner[:-1])
    match outer:
        case "array":
            return len(parts) == 1 and is_glue_type(parts[0], depth + 1)
        case "map":
            return len(parts) == 2 and parts[0] in PRIMITIVES and is_glue_type(parts[1], depth + 1)
        case "struct":
            return all(_is_field(part, depth + 1) for part in parts)
        case _:
            return False


def _is_field(text: str, depth: int) -> bool:
    name, _, inner = text.partition(":")
    return _FIELD.fullmatch(name) is not None and is_glue_type(inner, depth)


def _split(text: str) -> list[str]:
    """The parts between commas that are in no bracket."""
    parts, depth, start = [], 0, 0
    for index, sign in enumerate(text):
        depth += (sign in "<(") - (sign in ">)")
        if sign == "," and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]]
