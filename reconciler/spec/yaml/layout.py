"""Layout: how a document lies on its lines, for the formatter. Only for YAML that parse() has taken."""

from __future__ import annotations

from dataclasses import dataclass

from yaml import events

from reconciler.spec.yaml.yaml_events import Event, stream


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that is moved as it is written: a scalar, or anything in braces. Lines from `first` to `last`."""

    first: int
    last: int
    column: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a block mapping, at a line and column, with its value."""

    key: str
    line: int
    column: int
    value: Node


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a block sequence: the line and column of its content, and the content."""

    line: int
    column: int
    value: Node


@dataclass(frozen=True, slots=True)
class Block:
    """A block mapping (of entries) or sequence (of items), beginning at a column."""

    parts: tuple[Entry, ...] | tuple[Item, ...]
    column: int


Node = Leaf | Block


def layout(content: bytes) -> Node:
    """The root node of a document. Lines and columns count from 0."""
    reader = _Reader(content)
    reader.next()  # the stream begins
    reader.next()  # the document begins
    return reader.node(reader.next())


class _Reader:
    def __init__(self, content: bytes) -> None:
        self.next = stream(content)
        self.lines = content.decode("utf-8-sig").splitlines()

    def node(self, event: Event) -> Node:
        if isinstance(event, events.ScalarEvent):
            return self._scalar(event)
        if event.flow_style:
            return self._flow(event)
        return self._mapping(event) if isinstance(event, events.MappingStartEvent) else self._sequence(event)

    def _scalar(self, event: Event) -> Leaf:
        first, last = event.start_mark.line, event.end_mark.line
        if event.end_mark.column == 0 and last > first:
            last -= 1
        while last > first and not self.lines[min(last, len(self.lines) - 1)].strip():
            last -= 1
        return Leaf(first, last, event.start_mark.column)

    def _flow(self, event: Event) -> Leaf:
        first, column, depth = event.start_mark.line, event.start_mark.column, 1
        while depth:
            event = self.next()
            depth += isinstance(event, events.CollectionStartEvent)
            depth -= isinstance(event, events.CollectionEndEvent)
        return Leaf(first, event.end_mark.line, column)

    def _mapping(self, event: Event) -> Block:
        column = event.start_mark.column
        entries: list[Entry] = []
        while isinstance(key := self.next(), events.ScalarEvent):
            mark = key.start_mark
            entries.append(Entry(key.value, mark.line, mark.column, self.node(self.next())))
        return Block(tuple(entries), column)

    def _sequence(self, event: Event) -> Block:
        column = event.start_mark.column
        items: list[Item] = []
        while not isinstance(content := self.next(), events.SequenceEndEvent):
            mark = content.start_mark
            items.append(Item(mark.line, mark.column, self.node(content)))
        return Block(tuple(items), column)
