"""The type of a column of texts: the narrowest one that every value has, as Athena's CSV serializers read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime

_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?")
_DIGITS = 15
"""Digits that a double keeps. A longer number is an id."""


def _fits(text: str, bits: int) -> bool:
    end: int = 1 << (bits - 1)
    return bool(_WHOLE.fullmatch(text)) and len(text) <= 20 and -end <= int(text) < end


def _is_number(text: str) -> bool:
    if not _NUMBER.fullmatch(text):
        return False
    return sum(sign.isdigit() for sign in text.lower().partition("e")[0]) <= _DIGITS


def _is_moment(text: str, form: str, longest: int) -> bool:
    try:
        datetime.strptime(text[:longest], form)
    except ValueError:
        return False
    return True


#: From the narrowest. What has leading zeros or a plus is no number: it would not come back as it was.
TYPES: dict[str, Callable[[str], bool]] = {
    "int": lambda text: _fits(text, 32),
    "bigint": lambda text: _fits(text, 64),
    "double": _is_number,
    "boolean": lambda text: text.lower() in ("true", "false"),
    "date": lambda text: len(text) == 10 and text.isascii() and _is_moment(text, "%Y-%m-%d", 10),
    "timestamp": lambda text: bool(_TIME.fullmatch(text)) and _is_moment(text, "%Y-%m-%d %H:%M:%S", 19),
}


class Narrowing:
    """The types that all values so far have; `has_gaps`: some value was empty."""

    def __init__(self) -> None:
        self._left = dict(TYPES)
        self._is_seen = False
        self.has_gaps = False

    def look_at(self, text: str) -> None:
        """Take a value into account."""
        if not text:
            self.has_gaps = True
            return
        self._is_seen = True
        if self._left:
            self._left = {name: fits for name, fits in self._left.items() if fits(text)}

    def type(self, besides: Iterable[str] = ()) -> str:
        """The narrowest type but for some; string where there is none, or no value at all."""
        return next((name for name in self._left if self._is_seen and name not in besides), "string")
