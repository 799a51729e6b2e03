"""Conditions of policies, judged by what is known of a request: they hold, they do not, or nobody can tell (None).

A key that a request surely does not bring fails a condition, and satisfies a negated one and one with IfExists.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from reconciler.kinds.common.policy_document import listed

ABSENT = None
"""The value of a key that a request does not bring."""

Context = Mapping[str, str | None]
"""What a request is known to bring, by keys in small letters. Of a key that is not here nothing is known."""


def like(pattern: str, text: str) -> bool:
    """Whether a text is as a pattern of IAM says; a variable in the pattern may be anything."""
    parts = re.split(r"(\*|\?|\$\{[^}]*\})", pattern)
    return re.fullmatch("".join(map(_pattern, parts)), text, re.DOTALL) is not None


def _pattern(part: str) -> str:
    if part == "*" or part.startswith("${"):
        return ".*"
    return "." if part == "?" else re.escape(part)


def holds(block: Mapping[str, Mapping[str, Any]], context: Context) -> bool | None:
    """Whether every condition of a block holds for a request."""
    found = [_one(by, key.lower(), listed(value), context) for by, keys in block.items() for key, value in keys.items()]
    if False in found:
        return False
    return None if None in found else True


def unknown_keys(block: Mapping[str, Mapping[str, Any]], context: Context) -> list[str]:
    """The keys of a block on which it depends and of which nothing is known."""
    return sorted({key for keys in block.values() for key in keys if key.lower() not in context})


def _one(operator: str, key: str, wanted: list[Any], context: Context) -> bool | None:
    quantifier, _, name = operator.rpartition(":")
    optional, name = name.endswith("IfExists"), name.removesuffix("IfExists")
    if key not in context:
        return None
    given = context[key]
    if name == "Null":
        return (given is ABSENT) == (str(wanted[0]).lower() == "true")
    negated = "Not" in name
    test = _TESTS.get(name.replace("Not", ""))
    if test is None:
        return None
    if given is ABSENT:
        return optional or negated or quantifier == "ForAllValues"
    values = [str(each) for each in wanted]
    if any("${" in each for each in values):
        return None
    return any(test(each, given) for each in values) != negated


_TESTS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda want, value: value == want,
    "StringEqualsIgnoreCase": lambda want, value: value.lower() == want.lower(),
    "StringLike": like,
    "ArnEquals": like,
    "ArnLike": like,
    "Bool": lambda want, value: value.lower() == want.lower(),
}
