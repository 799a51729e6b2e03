"""The patterns of AWS's models, which are Java's, as Python expressions."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache
from itertools import groupby

_SURROGATES = r"\uD800\uDC00-\uDBFF\uDFFF"
_ASTRAL = r"\U00010000-\U0010FFFF"


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The expression for a model's pattern; use `fullmatch`, since AWS matches the whole value."""
    text = pattern.replace(_SURROGATES, _ASTRAL).replace(r"\u10000-\u10FFFF", _ASTRAL)
    return re.compile(re.sub(r"\\p\{(\w)\}", lambda m: _category(m[1]), text))


@cache
def _category(letter: str) -> str:
    """The ranges of a Unicode general category (L, N, P, Z), to stand inside brackets."""
    points = (p for p in range(sys.maxunicode + 1) if unicodedata.category(chr(p)).startswith(letter))
    runs = []
    for _, group in groupby(enumerate(points), lambda pair: pair[1] - pair[0]):
        run = [point for _, point in group]
        runs.append(f"\\U{run[0]:08x}-\\U{run[-1]:08x}")
    return "".join(runs)
