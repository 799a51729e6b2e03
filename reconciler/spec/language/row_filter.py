"""Row filters: the small part of SQL that Lake Formation takes as a condition on rows.

https://docs.aws.amazon.com/lake-formation/latest/dg/partiql-support.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_LENGTH = 2047

_SIGN = re.compile(
    r"""\s+
    | '(?:[^']|'')*'                      # text
    | "(?P<quoted>[^"]+)"                 # a name
    | [0-9]+(?:\.[0-9]+)?                 # a number
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | <> | <= | >= | != | [<>=(),.+-]
    """,
    re.VERBOSE,
)
_BEFORE_BRACKETS = frozenset({"and", "or", "not", "in", "between", "like"})
_KEYWORDS = _BEFORE_BRACKETS | {"is", "null", "true", "false", "date", "timestamp", "time", "escape"}


class NotAFilter(ValueError):
    """The text is no condition that Lake Formation takes; says why."""


def columns(text: str) -> Iterator[str]:
    """The names of the columns that a condition speaks of, in lower case.

    NotAFilter for what is no part of the language: unknown signs, open quotes, functions, brackets that do not match.
    """
    if len(text) > MAX_LENGTH:
        raise NotAFilter(f"has {len(text):,} characters; Lake Formation takes at most {MAX_LENGTH:,}")
    position = depth = 0
    word = ""
    while position < len(text):
        found = _SIGN.match(text, position)
        if found is None:
            rest = text[position : position + 12]
            raise NotAFilter(f"cannot be read from `{rest}` on" + ("; close the quote" if rest[0] in "'\"" else ""))
        sign, position = found.group(), found.end()
        if sign == "(":
            if word and word not in _BEFORE_BRACKETS:
                raise NotAFilter(f"calls the function {word}; row filters have no functions")
            depth += 1
        depth -= sign == ")"
        if depth < 0:
            raise NotAFilter("closes a bracket that was not opened")
        if not sign.isspace():
            word = (found["word"] or found["quoted"] or "").lower()
        if found["quoted"]:
            yield found["quoted"].lower()
        elif found["word"] and word not in _KEYWORDS:
            yield word
    if depth:
        raise NotAFilter("opens a bracket that is not closed")
