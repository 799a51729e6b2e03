"""DQDL, the language of data quality rules (dqdl): from text to rules."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reconciler.sandbox.core.errors import AwsError

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>\w+)|(?P<sign>>=|<=|!=|[\[\](),=<>])|#[^\n]*)'
)
Value = str | float


@dataclass(frozen=True, slots=True)
class Expression:
    """A condition: `sign` is one of = != > >= < <= in between, `values` what it compares with.

    NULL, EMPTY and WHITESPACES_ONLY of a list are in `words`. `negated` for `not in` and `not between`.
    """

    sign: str
    values: tuple[Value, ...]
    words: tuple[str, ...] = ()
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its type, its parameters, its expression and threshold, and its own text.

    `unknown` holds a part that is not understood here, empty if there is none.
    """

    text: str
    type: str
    parameters: tuple[str, ...] = ()
    expression: Expression | None = None
    threshold: Expression | None = None
    unknown: str = ""


def rules(text: str) -> list[Rule]:
    """The rules of a DQDL document. InvalidInputException: it is none."""
    found = re.fullmatch(r"\s*Rules\s*=\s*\[(.*)\]\s*", text, re.DOTALL)
    if not found:
        raise AwsError("InvalidInputException", "The ruleset is not of the form Rules = [ ... ]")
    parts = [part.strip() for part in _split(found[1])]
    if not parts or not all(parts):
        raise AwsError("InvalidInputException", "The ruleset has an empty rule")
    return [_rule(part) for part in parts]


def _split(text: str) -> list[str]:
    """The text cut at the commas that are in no bracket, parenthesis or quotes."""
    parts, depth, quoted = [""], 0, False
    for character in text:
        quoted ^= character == '"'
        if not quoted:
            depth += (character in "[(") - (character in "])")
        if character == "," and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    if depth or quoted:
        raise AwsError("InvalidInputException", "The ruleset has an open bracket or quote")
    return parts


def _rule(text: str) -> Rule:
    tokens = _tokens(text)
    if tokens[0] == "(":
        return Rule(text, "composite", unknown="a composite rule")
    kind, position, parameters = tokens[0], 1, []
    if not re.fullmatch(r"[A-Z]\w+", kind):
        raise AwsError("InvalidInputException", f"{kind} is no rule type")
    while position < len(tokens) and tokens[position].startswith('"'):
        parameters.append(_bare(tokens[position]))
        position += 1
    expression, position = _expression(tokens, position)
    threshold = None
    if tokens[position : position + 2] == ["with", "threshold"]:
        threshold, position = _expression(tokens, position + 2)
    return Rule(text, kind, tuple(parameters), expression, threshold, " ".join(tokens[position:]))


def _expression(tokens: list[str], position: int) -> tuple[Expression | None, int]:
    negated = tokens[position : position + 1] == ["not"]
    start = position + negated
    rest = tokens[start:]
    if rest[:1] == ["in"] and "]" in rest:
        end = rest.index("]")
        items = [item for item in rest[2:end] if item != ","]
        words = tuple(item for item in items if item in ("NULL", "EMPTY", "WHITESPACES_ONLY"))
        values = tuple(_value(item) for item in items if item not in words)
        return Expression("in", values, words, negated), start + end + 1
    if rest[:1] == ["between"] and rest[2:3] == ["and"] and len(rest) > 3:
        return Expression("between", (_value(rest[1]), _value(rest[3])), (), negated), start + 4
    if not negated and rest[:1] and rest[0] in ("=", "!=", ">", ">=", "<", "<=") and len(rest) > 1:
        if rest[1] in ("NULL", "EMPTY", "WHITESPACES_ONLY"):
            return Expression(rest[0], (), (rest[1],)), start + 2
        if not re.match(r'"|-?\d', rest[1]):
            return None, position
        return Expression(rest[0], (_value(rest[1]),)), start + 2
    return None, position


def _tokens(text: str) -> list[str]:
    tokens, position = [], 0
    while position < len(text.rstrip()):
        found = _TOKEN.match(text, position)
        if not found:
            raise AwsError("InvalidInputException", f"The rule {text} cannot be read at {text[position:]}")
        if found.lastgroup:
            tokens.append(found[found.lastgroup])
        position = found.end()
    if not tokens:
        raise AwsError("InvalidInputException", "The ruleset has an empty rule")
    return tokens


def _value(token: str) -> Value:
    if token.startswith('"'):
        return _bare(token)
    try:
        return float(token)
    except ValueError as error:
        raise AwsError("InvalidInputException", f"{token} is no value") from error


def _bare(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1])
