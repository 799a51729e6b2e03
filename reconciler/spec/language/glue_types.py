"""Types of columns as Glue and Athena write them: int, decimal(10,2), array<struct<a:int>>."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

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
#: Words that Hive and Athena read as another word of theirs.
SYNONYMS = {"integer": "int", "byte": "tinyint", "short": "smallint", "long": "bigint"}
_MOST_DIGITS, _MOST_SIGNS = 38, {"char": 255, "varchar": 65535}
_MAX_DEPTH = 16
_TOKEN = re.compile(r"\s*([<>(),:]|[^<>(),:\s]+)\s*")


@dataclass(frozen=True, slots=True)
class GlueType:
    """A type: its word, its sizes, and its parts: (field name, type) of a struct, ("key" and "value"), ("element")."""

    word: str
    sizes: tuple[int, ...] = ()
    parts: tuple[tuple[str, GlueType], ...] = ()

    def __str__(self) -> str:
        """The type as Hive's parser reads it: words in lower case, no blanks, sizes written out."""
        match self.word:
            case "struct":
                return f"struct<{','.join(f'{name}:{part}' for name, part in self.parts)}>"
            case "array" | "map":
                return f"{self.word}<{','.join(str(part) for _, part in self.parts)}>"
            case _:
                return f"{self.word}({','.join(map(str, self.sizes))})" if self.sizes else self.word


@lru_cache(maxsize=4096)
def glue_type(text: str) -> GlueType | None:
    """The type that a text means, in any case and spelling that Hive reads; None for what Athena cannot read.

    At most 16 deep. `decimal` alone is decimal(10,0).
    https://docs.aws.amazon.com/athena/latest/ug/data-types.html
    """
    tokens = [found[1] for found in _TOKEN.finditer(text)]
    if "".join(tokens) != re.sub(r"\s", "", text):
        return None
    rest = iter([*tokens, ""])
    try:
        found, end = _parsed(rest, next(rest), 0)
    except (ValueError, StopIteration):
        return None
    return found if end == "" else None


def is_glue_type(text: str) -> bool:
    """Whether Athena can read a column of this type."""
    return glue_type(text) is not None


def canonical(text: str) -> str:
    """A type in the one spelling that equal types share; what is no type is left as it is, without blanks around."""
    found = glue_type(text)
    return str(found) if found is not None else text.strip()


def _parsed(rest: Iterator[str], token: str, depth: int) -> tuple[GlueType, str]:
    """A type that begins with `token`, and the token after it. ValueError: it is none."""
    word = SYNONYMS.get(token.lower(), token.lower())
    if depth > _MAX_DEPTH:
        raise ValueError(word)
    if word in PRIMITIVES:
        return GlueType(word), next(rest)
    if word in ("decimal", "char", "varchar"):
        return _sized(rest, word)
    if word not in NESTED or next(rest) != "<":
        raise ValueError(word)
    parts: list[tuple[str, GlueType]] = []
    end = ","
    while end == ",":
        name = "element" if word == "array" else ("key", "value")[min(len(parts), 1)]
        token = next(rest)
        if word == "struct":
            name = token
            if not re.fullmatch(r"\w[\w.-]*", name) or next(rest) != ":":
                raise ValueError(name)
            token = next(rest)
        part, end = _parsed(rest, token, depth + 1)
        parts.append((name, part))
    if end != ">" or not _fits(word, parts):
        raise ValueError(word)
    return GlueType(word, parts=tuple(parts)), next(rest)


def _fits(word: str, parts: list[tuple[str, GlueType]]) -> bool:
    """An array has one part, a map two with a primitive key, and a struct no field twice."""
    match word:
        case "array":
            return len(parts) == 1
        case "map":
            return len(parts) == 2 and not parts[0][1].parts
        case _:
            return len({name.lower() for name, _ in parts}) == len(parts)


def _sized(rest: Iterator[str], word: str) -> tuple[GlueType, str]:
    sign = next(rest)
    if sign != "(":
        if word != "decimal":
            raise ValueError(word)
        return GlueType(word, (10, 0)), sign
    sizes = [int(next(rest))]
    if (sign := next(rest)) == ",":
        sizes.append(int(next(rest)))
        sign = next(rest)
    if sign != ")":
        raise ValueError(word)
    if word != "decimal":
        if len(sizes) != 1 or not 1 <= sizes[0] <= _MOST_SIGNS[word]:
            raise ValueError(word)
        return GlueType(word, tuple(sizes)), next(rest)
    precision, scale = sizes[0], sizes[1] if len(sizes) == 2 else 0
    if not (1 <= precision <= _MOST_DIGITS and 0 <= scale <= precision):
        raise ValueError(word)
    return GlueType(word, (precision, scale)), next(rest)
