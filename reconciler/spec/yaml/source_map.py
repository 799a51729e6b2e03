"""SourceMap: where in a file each part of a document was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, cast

from pydantic_core import from_json, to_json

from reconciler.model.origin import Origin

Key = str | int

Marks = int | list["int | dict[str, Marks] | list[Marks]"]
"""The places of a value and its parts, as few objects as possible, and as JSON can say them.

A scalar is one number; a mapping or sequence is that number and the marks of its parts. The number is the line times
2**21 plus the column (a file has at most 2**20 bytes).
"""
LINE = 1 << 21


def mark(line: int, column: int) -> int:
    """A line and a column, counted from 1, as one number."""
    return line * LINE + column


class SourceMap(NamedTuple):
    """A node of the tree of places that runs beside a document. Lines and columns count from 1.

    The place of a mapping's entry is its key, of a sequence's entry its value. Two places are always equal,
    so that two documents are equal when they say the same. `marks` may be JSON, which is read when it is needed;
    `more` are parts that were added, such as those of a data contract, which is another file.
    """

    file: str
    marks: Marks | bytes
    more: Mapping[Key, SourceMap] | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SourceMap)

    def __ne__(self, other: object) -> bool:
        return not isinstance(other, SourceMap)

    def __hash__(self) -> int:
        return 0

    @property
    def line(self) -> int:
        """The line, counted from 1."""
        return _number(self.marks) // LINE

    @property
    def origin(self) -> Origin:
        """The place as the rest of the program speaks of it."""
        return _origin(self.file, _number(self.marks))

    @property
    def parts(self) -> Iterator[tuple[Key, SourceMap]]:
        """The parts that were written, with their places."""
        marks = _read(self.marks)
        if not isinstance(marks, int):
            below = marks[1]
            assert isinstance(below, dict | list)
            pairs = below.items() if isinstance(below, dict) else enumerate(below)
            for key, part in pairs:
                yield key, SourceMap(self.file, part)
        yield from (self.more or {}).items()

    def at(self, *path: Key) -> Origin:
        """The place of the part at `path`, or of the nearest part above it that was written."""
        if self.more:
            return self.node(*path).origin
        # The most frequent question of a large mesh, so what `_read` and `_number` do is written out.
        marks = self.marks
        marks = _decoded(marks) if isinstance(marks, bytes) else marks
        for key in path:
            below = _below(marks, key)
            if below is None:
                break
            marks = below
        number = marks if isinstance(marks, int) else marks[0]
        assert isinstance(number, int)
        return Origin(self.file, number // LINE, number % LINE)

    def node(self, *path: Key) -> SourceMap:
        """The node at `path`, or the nearest one above it."""
        # A large mesh asks a million times, so only the end of the way becomes a SourceMap.
        marks, more = _read(self.marks), self.more
        for position, key in enumerate(path):
            if more and key in more:
                return more[key].node(*path[position + 1 :])
            below = _below(marks, key)
            if below is None:
                break
            marks, more = below, None
        return SourceMap(self.file, marks, more)

    def with_parts(self, more: Mapping[Key, SourceMap]) -> SourceMap:
        """The same place with more parts, which go before those that were written."""
        return SourceMap(self.file, self.marks, {**(self.more or {}), **more})

    def grafted(self, path: tuple[Key, ...], more: Mapping[Key, SourceMap]) -> SourceMap:
        """The tree with more parts below the node at `path`."""
        if not path:
            return self.with_parts(more)
        return self.with_parts({path[0]: self.node(path[0]).grafted(path[1:], more)})


NOWHERE = SourceMap("", mark(1, 1))


def _origin(file: str, number: int) -> Origin:
    return Origin(file, number // LINE, number % LINE)


def packed(marks: Marks) -> bytes:
    """Marks as JSON: a fifth of the memory."""
    return to_json(marks)


def _read(marks: Marks | bytes) -> Marks:
    return _decoded(marks) if isinstance(marks, bytes) else marks


@lru_cache(maxsize=64)
def _decoded(text: bytes) -> Marks:
    return cast("Marks", from_json(text))


def _number(marks: Marks | bytes) -> int:
    marks = _read(marks)
    number = marks if isinstance(marks, int) else marks[0]
    assert isinstance(number, int)
    return number


def _below(marks: Marks, key: Key) -> Marks | None:
    """The marks of a part; None where it was not written."""
    if isinstance(marks, int):
        return None
    parts = marks[1]
    if isinstance(parts, dict):
        return parts.get(key) if isinstance(key, str) else None
    assert isinstance(parts, list)
    return parts[key] if isinstance(key, int) and 0 <= key < len(parts) else None
