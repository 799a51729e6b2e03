"""Clauses: conditions taken apart at their OR and AND, as far as their form says surely what belongs together."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from math import prod

Clauses = frozenset[frozenset[str]]
"""Any of the inner sets must hold, all of its conditions at once."""

_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\w+|.""", re.DOTALL)
_MOST = 256
"""More clauses than that are not compared one by one."""


def clauses(rows: Clauses) -> Clauses:
    """The same rows with their conditions taken apart: OR binds less than AND, and AND less than the rest.

    Sound in three-valued logic, too: a row is shown where its condition is true, and neither false nor unknown.
    """
    return frozenset(each for clause in rows for each in _joined([_opened(text) for text in clause], clause))


@lru_cache(maxsize=4096)
def _opened(text: str) -> Clauses:
    """One condition. What cannot be read (CASE, comments, brackets that do not close) stays as it is."""
    whole = frozenset({frozenset({text.strip()})})
    tokens = _TOKEN.findall(text)
    words = {token.upper() for token in tokens}
    if "CASE" in words or "--" in text or "/*" in text:
        return whole
    if len(parts := _parted(tokens, "OR")) > 1:
        return frozenset[frozenset[str]]().union(*map(_opened, parts))
    if "BETWEEN" not in words and len(parts := _parted(tokens, "AND")) > 1:
        return _joined([_opened(part) for part in parts], frozenset({text.strip()}))
    stripped = text.strip()
    if stripped.startswith("(") and stripped.endswith(")") and len(_parted(_TOKEN.findall(stripped[1:-1]), "")):
        return _opened(stripped[1:-1])
    return whole


def _parted(tokens: list[str], word: str) -> list[str]:
    """The parts between a word that stands in no bracket; nothing where brackets do not close."""
    parts, depth = [""], 0
    for piece in tokens:
        depth += (piece == "(") - (piece == ")")
        if depth < 0:
            return []
        if depth == 0 and piece.upper() == word:
            parts.append("")
        else:
            parts[-1] += piece
    return parts if depth == 0 else []


def _joined(parts: list[Clauses], whole: frozenset[str]) -> Clauses:
    """All of the parts at once."""
    if prod(map(len, parts)) > _MOST:
        return frozenset({whole})
    return frozenset(frozenset[str]().union(*each) for each in product(*parts))
