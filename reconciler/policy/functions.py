"""Functions: how many steps each function of CEL takes, and how large what it gives can be.

A step is some tens of nanoseconds. The numbers are measured upwards: `bench/policy_steps.py` looks for what is dearer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reconciler.policy.size import SCALAR, Size, larger, size_of_text

Cost = tuple[int, Size]
"""Steps, and the size of what comes of them."""

_COMPILED, _TRIED = 4, 8
"""Steps to make an instruction of a pattern; instructions that are tried on a byte in a step."""
_ANY_PATTERN = 4_000
"""Instructions that a byte of a pattern can stand for which is not known: \\pL and the like."""


def cost_of(function: str, arguments: Sequence[Size]) -> Cost | None:
    """What a call costs; None for a function that policies cannot use."""
    if function in _OWN:
        return _OWN[function](*arguments)
    if function in _SCALAR:
        return 1 + sum(each.weight for each in arguments), SCALAR
    if function in _OF_TIME:
        return 20 + sum(each.weight for each in arguments), SCALAR
    if function in _SAME:
        return 1 + 4 * arguments[0].weight, Size(2 * arguments[0].length + 2, arguments[0].of)
    return None


def _sum(left: Size, right: Size) -> Cost:
    length, inner = left.length + right.length, [each.of for each in (left, right) if each.of is not None]
    # What is plain adds no more to a pattern than its signs; what is not might repeat what stands before it.
    program = left.program + (right.program or 0) if left.program is not None and right.is_plain else None
    found = Size(length, larger(inner) if inner else None, {}, program, left.is_plain and right.is_plain)
    return 1 + left.weight + right.weight, found


def _element(whole: Size, key: Size) -> Cost:
    found = whole.of or SCALAR
    return 2 + found.weight + key.weight, found


def _conditional(condition: Size, yes: Size, no: Size) -> Cost:
    del condition
    return 1, larger((yes, no))


def _size(of: Size) -> Cost:
    return 1 + (of.weight if of.of is None else 0), SCALAR


def _same(of: Size) -> Cost:
    return 1, of


def _found(text: Size, part: Size, *_: Size) -> Cost:
    return 1 + text.length // 4 + text.length * part.length // 500, SCALAR


def _matches(text: Size, pattern: Size) -> Cost:
    program = pattern.program if pattern.program is not None else 10 + pattern.length * _ANY_PATTERN
    return text.weight + program * (_COMPILED + text.length // _TRIED), SCALAR


def _replaced(text: Size, old: Size, new: Size, *_: Size) -> Cost:
    del old
    found = Size(text.length + (text.length + 1) * new.length)
    return 1 + 2 * text.length + found.weight, found


def _split(text: Size, *_: Size) -> Cost:
    return 1 + 3 * text.length, Size(text.length + 1, size_of_text(text.length, is_plain=text.is_plain))


def _joined(texts: Size, between: Size = SCALAR) -> Cost:
    found = Size(texts.length * ((texts.of or SCALAR).length + between.length))
    return 1 + 2 * texts.length + found.weight, found


def _part(text: Size, *_: Size) -> Cost:
    return 1 + text.length // 8, size_of_text(text.length, is_plain=text.is_plain)


def _text(of: Size) -> Cost:
    return 3 + of.weight, size_of_text(max(32, of.length), is_plain=of.is_plain)


_OWN: Mapping[str, Callable[..., Cost]] = {
    "_+_": _sum,
    "_[_]": _element,
    "_?_:_": _conditional,
    "size": _size,
    "dyn": _same,
    "contains": _found,
    "indexOf": _found,
    "lastIndexOf": _found,
    "matches": _matches,
    "replace": _replaced,
    "split": _split,
    "join": _joined,
    "substring": _part,
    "charAt": _part,
    "trim": _part,
    "string": _text,
    "bytes": _text,
}
_SAME = frozenset({"lowerAscii", "upperAscii", "reverse", "strings.quote"})
_OF_TIME = frozenset(
    {"timestamp", "duration"}
    | {f"get{each}" for each in ("FullYear", "Month", "Date", "DayOfMonth", "DayOfWeek", "DayOfYear")}
    | {f"get{each}" for each in ("Hours", "Minutes", "Seconds", "Milliseconds")}
)
_SCALAR = frozenset(
    {"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "_-_", "_*_", "_/_", "_%_", "-_", "!_", "_&&_", "_||_", "@in"}
    | {"@not_strictly_false", "startsWith", "endsWith", "int", "uint", "double", "bool", "type"}
)
