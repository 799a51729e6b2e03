"""Wildcards of IAM policies."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=65536)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.compile("".join(parts), re.DOTALL)


@lru_cache(maxsize=65536)
def matches(pattern: str, value: str) -> bool:
    """Whether a value fits a pattern in which `*` is any text and `?` any one character."""
    return pattern in ("*", value) or _compiled(pattern).fullmatch(value) is not None
