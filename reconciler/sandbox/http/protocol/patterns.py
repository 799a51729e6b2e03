"""The patterns of AWS's models, which are Java's, as Python expressions."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache
from operator import itemgetter

_SURROGATES = r"\uD800\uDC00-\uDBFF\uDFFF"
_ASTRAL = r"\U00010000-\U0010FFFF"


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The expression for a model's pattern; use `fullmatch`, since AWS matches the whole value."""
    text = pattern.replace(_SURROGATES, _ASTRAL).replace(r"\u10000-\u10FFFF", _ASTRAL)
    # A set as a whole, or a category that stands outside of one.
    return re.compile(re.sub(r"\[(?:\\.|[^\]\\])*\]|\\p\{\w\}", _spelled, text))


def _spelled(part: re.Match[str]) -> str:
    inside = re.sub(r"\\p\{(\w)\}", lambda m: _category(m[1]), part[0])
    return inside if part[0].startswith("[") else f"[{inside}]"


@cache
def _category(letter: str) -> str:
    """The ranges of a Unicode general category (L, N, P, Z), to stand inside brackets."""
    runs = re.finditer(f"{letter}+", _letters())
    return "".join(f"\\U{run.start():08x}-\\U{run.end() - 1:08x}" for run in runs)


@cache
def _letters() -> str:
    """The first letter of the general category of every code point, by the code point."""
    return "".join(map(itemgetter(0), map(unicodedata.category, map(chr, range(sys.maxunicode + 1)))))
