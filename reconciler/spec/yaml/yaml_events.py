"""The stream of events that libyaml makes of a document, typed as far as we use it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast

from yaml import events
from yaml._yaml import CParser


class Mark(Protocol):
    """A place in the text, counted from 0."""

    line: int
    column: int


class Event(Protocol):
    """An event. Only nodes have an anchor and a tag, only scalars a value, only collections a flow style."""

    start_mark: Mark
    end_mark: Mark
    anchor: str | None
    tag: str | None
    value: str
    implicit: tuple[bool, bool]
    flow_style: bool


SCALAR: type[object] = events.ScalarEvent
SEQUENCE_END: type[object] = events.SequenceEndEvent
MAPPING_END: type[object] = events.MappingEndEvent
"""What most events are: libyaml makes objects of these very types."""


def stream(content: bytes) -> Callable[[], Event]:
    """A function that gives the next event of a text at each call. Raises what PyYAML raises for bad YAML."""
    return cast("Callable[[], Event]", CParser(content).get_event)
