"""Changes of plain data: fields gone, doubled, of another type, from elsewhere, very long, very deep, very odd."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from random import Random
from typing import Any

ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**31, 10**15, 10**40, 0.5, 1e308, float("inf"), float("nan"), "", " ", "\n", "~",
    "null", "true", "0", "-1", "1e5", "0x10", "1_000", "2026-02-30", "2026-11-22", "0001-01-01", "9999-12-31",
    "2026-11-22T09:30:00Z", "2026-11-22T09:30:00+99:99", "*", "?", "${aws:username}", "%s", "{0}", "$x", "..", "../x",
    "/", "//", "a/b", ".", "-", "--help", "a" * 64, "a" * 256, "x" * 5000, "é", "ß", "İ", "日本語", "😀", "\x1b[31m",
    "\x00", "\x07", "\u202e", "\u2066x", "\ufeff", "\u2028", "\u0130", "\ud800", "<script>alert(1)</script>",
    "](https://x.example)", "<!-- x -->", "| x |", "`x`", "@everyone", "# x", "'", '"', "\\", "a\tb", "a\r\nb", ";x",
    "arn:aws:iam::111111111111:role/x", "arn:aws:iam::111111111111:role/*", "arn:", ":::::", "111111111111", "s3://",
    "s3://b/*", "s3://b", "map<string,array<int>>", "decimal(10,2)", "struct<a:", "array<" * 50, "a = 'b' OR 1=1",
    "(" * 300, "[" * 300, "!x", "&x", "<<", [], {}, [[]], [None], [{}], {"": None}, {"x": {"x": {"x": 1}}},
)  # fmt: skip
"""Values at which readers stumble."""


def changed(tree: Any, others: Sequence[Any], rng: Random) -> Any:
    """A copy with one to four changes. `others` are trees from which parts are taken."""
    tree = copy.deepcopy(tree)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 4))):
        holders = _holders(tree)
        if not holders:
            return rng.choice(ODD)
        holder, key = rng.choice(holders)
        _change(holder, key, others, rng)
    return tree


def _change(holder: Any, key: Any, others: Sequence[Any], rng: Random) -> None:
    match rng.randrange(12):
        case 0:
            del holder[key]
        case 1 | 2 | 3:
            holder[key] = copy.deepcopy(rng.choice(ODD))
        case 4 | 5:
            holder[key] = copy.deepcopy(_part(rng.choice(others), key, rng))
        case 6:
            holder[key] = rng.choice(([holder[key]], {"x": holder[key]}, str(holder[key]), [holder[key]] * 3))
        case 7:
            holder[key] = _deep(holder[key], rng.choice((3, 30, 70)), rng)
        case 8 if isinstance(holder, dict):
            holder[_name(key, rng)] = holder.pop(key) if rng.random() < 0.5 else copy.deepcopy(holder[key])
        case 8 | 9 if isinstance(holder, list):
            holder.insert(rng.randrange(len(holder) + 1), copy.deepcopy(holder[key]))
        case 10 if isinstance(holder, list):
            rng.shuffle(holder)
        case _:
            holder[key] = _bent(holder[key], rng)


def _bent(value: Any, rng: Random) -> Any:
    """A value a little otherwise."""
    match value:
        case str():
            at = rng.randrange(len(value) + 1)
            odd = rng.choice([each for each in ODD if isinstance(each, str)])
            return rng.choice((value[:at] + odd + value[at:], value[:at], value[at:], value * 2, value.upper(), odd))
        case bool():
            return not value
        case int() | float():
            return rng.choice((value + 1, -value, value * 1000, str(value)))
        case list():
            return rng.choice((value[:-1], value * 2, value[::-1], value * 40))
        case dict():
            keys = [*value]
            return {key: value[key] for key in rng.sample(keys, rng.randrange(len(keys) + 1))}
        case _:
            return rng.choice(ODD)


def _deep(value: Any, levels: int, rng: Random) -> Any:
    for _ in range(levels):
        value = [value] if rng.random() < 0.5 else {"x": value}
    return value


def _name(key: Any, rng: Random) -> Any:
    return rng.choice((f"{key}s", str(key).upper(), "", "x", "apiVersion", "kind", "name", rng.choice(ODD[13:40])))


def _part(tree: Any, key: Any, rng: Random) -> Any:
    """A part of another tree, under the same key where it has one."""
    holders = _holders(tree)
    alike = [each for each in holders if each[1] == key and isinstance(key, str)]
    if not holders:
        return tree
    holder, at = rng.choice(alike if alike and rng.random() < 0.7 else holders)
    return holder[at]


def _holders(tree: Any) -> list[tuple[Any, Any]]:
    """Every container with each of its keys."""
    found: list[tuple[Any, Any]] = []
    pending = [tree]
    while pending and len(found) < 4000:
        each = pending.pop()
        pairs = [*each.items()] if isinstance(each, dict) else [*enumerate(each)] if isinstance(each, list) else []
        for key, value in pairs:
            found.append((each, key))
            pending.append(value)
    return found
