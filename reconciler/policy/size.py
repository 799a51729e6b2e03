"""Size: how large the values of an expression are at most, which is what evaluating it hangs on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.policy.pattern import HARMLESS, instructions

_ENDLESS = 10**12
"""A length that is too much wherever it stands; numbers do not grow beyond it."""


@dataclass(frozen=True, slots=True)
class Size:
    """At most so much: bytes of a text, elements of a list with the size `of` each, pairs of a map.

    `fields`: those of an object. `program`: instructions of the pattern that a text is (None: not known). `is_plain`: a
    text without anything that makes a pattern larger than it looks.
    """

    length: int = 1
    of: Size | None = None
    fields: Mapping[str, Size] = field(default_factory=dict)
    program: int | None = None
    is_plain: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", min(self.length, _ENDLESS))

    @property
    def weight(self) -> int:
        """Steps to copy it, or to compare it with another one: ten bytes are a step, and so is half an element."""
        if self.fields:
            return sum(each.weight for each in self.fields.values())
        if self.of is None:
            return 1 + self.length // 10
        return 1 + self.length * (1 + self.of.weight)


SCALAR = Size()


def larger(sizes: Iterable[Size]) -> Size:
    """A size that is at least as large as each of several."""
    found = tuple(sizes)
    inner = [each.of for each in found if each.of is not None]
    names = {name for each in found for name in each.fields}
    programs = [each.program for each in found]
    return Size(
        max((each.length for each in found), default=1),
        larger(inner) if inner else None,
        {name: larger(each.fields[name] for each in found if name in each.fields) for name in names},
        max((each for each in programs if each is not None), default=0) if None not in programs else None,
        is_plain=all(each.is_plain for each in found),
    )


def size_of_text(length: int, *, is_plain: bool) -> Size:
    """The size of a text of which no more is known."""
    return Size(length, program=10 + 2 * length if is_plain else None, is_plain=is_plain)


def size_of_constant(text: str) -> Size:
    """The size of a text that is written out."""
    return Size(len(text.encode()), program=instructions(text), is_plain=HARMLESS.fullmatch(text) is not None)


Measure = tuple[int, int, bool]
"""The length of a value, that of the longest text in it, and whether texts are plain: a little more than it is, so that
many values have the same one."""


def measure(value: Any, *, as_pattern: bool = True) -> Measure:
    """The measure of a value of an object, or of a variable. Whether it is plain is looked at `as_pattern` only."""
    if isinstance(value, str):
        return _rounded(_bytes(value) + 15), 0, as_pattern and HARMLESS.fullmatch(value) is not None
    if isinstance(value, tuple | list | Mapping):
        parts = [*value, *value.values()] if isinstance(value, Mapping) else value
        texts = [each for each in parts if isinstance(each, str)]
        longest = _rounded(max(map(_bytes, texts), default=1) + 15)
        return _rounded(len(value)), longest, as_pattern and all(map(HARMLESS.fullmatch, texts))
    return 1, -1, True


def size_of(measured: Measure) -> Size:
    """What a measure says."""
    length, longest, is_plain = measured
    if longest < 1:
        return size_of_text(length, is_plain=is_plain)
    return Size(length, size_of_text(longest, is_plain=is_plain))


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _rounded(number: int) -> int:
    """One of few numbers that is at least as large: by an eighth at most, above 16."""
    if number <= 16:
        return number
    unit = 1 << (number.bit_length() - 4)
    return -(-number // unit) * unit
