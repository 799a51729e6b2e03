"""Attribute conditions: whether one holds for a principal whose tags are known. What is not understood is unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<has>context\.iam\.principalTags\.hasTag\(\s*"(?P<has_key>[^"\\]*)"\s*\))
    | (?P<get>context\.iam\.principalTags\.getTag\(\s*"(?P<get_key>[^"\\]*)"\s*\)
        \s*(?P<sign>==|!=)\s*"(?P<value>[^"\\]*)")
    | (?P<word>&&|\|\||!|\(|\)|true\b|false\b)
    )""",
    re.VERBOSE,
)

_QUOTED = re.compile(r'"([^"]*)"')

Tokens = tuple[tuple[str, ...], ...]
Value = bool | None
"""None: an error, which nothing makes good that comes after it."""


def holds(condition: str, tags: Mapping[str, str] | None) -> bool | None:
    """Whether a condition holds for a principal with these tags; None where it cannot be said.

    The forms that the console writes are understood: tags that are there or have a value, joined by && and ||. To ask
    for the value of a tag that is not there is an error in Cedar, and then the permission does not hold.
    https://docs.aws.amazon.com/lake-formation/latest/dg/abac-granting-permissions.html
    """
    tokens = _tokens(condition)
    if tokens is None or tags is None:
        return None
    try:
        value, left = _either(tokens, tags)
    except _NotUnderstood:
        return None
    return None if left else bool(value)


def asked_keys(condition: str) -> frozenset[str]:
    """The keys of tags that a condition may ask for, in lower case: all that it quotes where it is not understood."""
    tokens = _tokens(condition)
    if tokens is None:
        return frozenset(text.lower() for text in _QUOTED.findall(condition))
    return frozenset(token[1].lower() for token in tokens if token[0] in ("has", "get"))


class _NotUnderstood(Exception):
    """The condition does not read as we know it, or means something that we do not know."""


@lru_cache(maxsize=1_000)
def _tokens(condition: str) -> Tokens | None:
    found: list[tuple[str, ...]] = []
    position, text = 0, condition.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            return None
        if match["has"]:
            found.append(("has", match["has_key"]))
        elif match["get"]:
            found.append(("get", match["get_key"], match["sign"], match["value"]))
        else:
            found.append((match["word"],))
        position = match.end()
    return tuple(found)


def _either(tokens: Tokens, tags: Mapping[str, str]) -> tuple[Value, Tokens]:
    value, left = _both(tokens, tags)
    while left and left[0] == ("||",):
        other, left = _both(left[1:], tags)
        value = other if value is False else value
    return value, left


def _both(tokens: Tokens, tags: Mapping[str, str]) -> tuple[Value, Tokens]:
    value, left = _one(tokens, tags)
    while left and left[0] == ("&&",):
        other, left = _one(left[1:], tags)
        value = other if value is True else value
    return value, left


def _one(tokens: Tokens, tags: Mapping[str, str]) -> tuple[Value, Tokens]:
    match tokens[:1]:
        case (("!",),):
            value, left = _one(tokens[1:], tags)
            return (None if value is None else not value), left
        case (("(",),):
            value, left = _either(tokens[1:], tags)
            if left[:1] != ((")",),):
                raise _NotUnderstood
            return value, left[1:]
        case (("has", key),):
            return _tag(key, tags) is not None, tokens[1:]
        case (("get", key, sign, wanted),):
            found = _tag(key, tags)
            return (None if found is None else (found == wanted) == (sign == "==")), tokens[1:]
        case (("true" | "false" as word,),):
            return word == "true", tokens[1:]
        case _:
            raise _NotUnderstood


def _tag(key: str, tags: Mapping[str, str]) -> str | None:
    """The value of a tag. IAM does not tell keys apart by case; whether conditions do is not documented."""
    if key not in tags and any(key.lower() == name.lower() for name in tags):
        raise _NotUnderstood
    return tags.get(key)
