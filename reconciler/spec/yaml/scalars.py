"""Scalars of YAML 1.2's core schema: null, true, false, numbers; everything else is text. Dates stay text."""

from __future__ import annotations

import re
from functools import lru_cache
from sys import intern

Scalar = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?[0-9]{1,30}")
_OTHER_INT = re.compile(r"0o[0-7]{1,30}|0x[0-9a-fA-F]{1,30}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,30}|[0-9]{1,30}(\.[0-9]{0,30})?)([eE][-+]?[0-9]{1,2})?")


@lru_cache(maxsize=1024)
def scalar(text: str) -> Scalar:
    """The value of a plain (unquoted) scalar. Numbers of more than 30 digits are text.

    Text is interned: a mesh says the same words over and over, and each of them is one object.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return intern(text)
    if _INT.fullmatch(text):
        return int(text)
    if _OTHER_INT.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    return intern(text)
