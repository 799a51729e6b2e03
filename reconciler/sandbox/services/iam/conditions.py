"""Condition blocks of IAM policies."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import Any

from reconciler.sandbox.services.iam.patterns import matches

Context = Mapping[str, str | Sequence[str]]
Test = Callable[[str, str], bool]


class UnknownOperator(Exception):
    """A condition that the sandbox cannot decide; the statement's effect says what that means."""


def holds(block: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Whether every condition of a block is true in a context.

    A key that the context lacks fails a condition, but satisfies the negated ones and `...IfExists`,
    as in AWS (reference_policies_elements_condition_operators).
    UnknownOperator: an operator or value that cannot be decided here.
    """
    given = {key.lower(): [value] if isinstance(value, str) else list(value) for key, value in context.items()}
    return all(
        _one(operator, given.get(key.lower()), _listed(wanted), context)
        for operator, keys in block.items()
        for key, wanted in keys.items()
    )


def _one(operator: str, given: list[str] | None, wanted: list[str], context: Context) -> bool:
    quantifier, _, name = operator.rpartition(":")
    optional = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    if name == "Null":
        return (given is None) == (wanted[0].lower() == "true")
    negated = "Not" in name
    test = _TESTS.get(name.replace("Not", ""))
    if test is None or quantifier not in ("", "ForAnyValue", "ForAllValues"):
        raise UnknownOperator(operator)
    if given is None:
        return optional or negated or quantifier == "ForAllValues"
    values = [substituted(value, context) for value in wanted]

    def meets(value: str) -> bool:
        try:
            return any(test(value, w) for w in values if w is not None) != negated
        except ValueError as error:
            raise UnknownOperator(operator) from error

    return all(map(meets, given)) if quantifier == "ForAllValues" else any(map(meets, given))


def substituted(text: str, context: Context) -> str | None:
    """The text with its policy variables (`${aws:username}`) replaced; None if one has no value."""
    missing = False

    def value(match: re.Match[str]) -> str:
        nonlocal missing
        name, _, default = match[1].partition(",")
        if name in ("*", "?", "$"):
            return name
        found = next((v for k, v in context.items() if k.lower() == name.strip().lower()), None)
        if isinstance(found, str):
            return found
        missing = missing or not default
        return default.strip().strip("'")

    replaced = re.sub(r"\$\{([^}]+)\}", value, text)
    return None if missing else replaced


def _listed(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(v).lower() if isinstance(v, bool) else str(v) for v in values]


def _moment(text: str) -> datetime:
    if text.isdigit():
        return datetime.fromtimestamp(int(text), UTC)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


_TESTS: dict[str, Test] = {
    "StringEquals": lambda value, want: value == want,
    "StringEqualsIgnoreCase": lambda value, want: value.lower() == want.lower(),
    "StringLike": lambda value, want: matches(want, value),
    "ArnEquals": lambda value, want: matches(want, value),
    "ArnLike": lambda value, want: matches(want, value),
    "Bool": lambda value, want: value.lower() == want.lower(),
    "NumericEquals": lambda value, want: float(value) == float(want),
    "NumericLessThan": lambda value, want: float(value) < float(want),
    "NumericLessThanEquals": lambda value, want: float(value) <= float(want),
    "NumericGreaterThan": lambda value, want: float(value) > float(want),
    "NumericGreaterThanEquals": lambda value, want: float(value) >= float(want),
    "DateEquals": lambda value, want: _moment(value) == _moment(want),
    "DateLessThan": lambda value, want: _moment(value) < _moment(want),
    "DateLessThanEquals": lambda value, want: _moment(value) <= _moment(want),
    "DateGreaterThan": lambda value, want: _moment(value) > _moment(want),
    "DateGreaterThanEquals": lambda value, want: _moment(value) >= _moment(want),
    "IpAddress": lambda value, want: ip_address(value) in ip_network(want, strict=False),
}
