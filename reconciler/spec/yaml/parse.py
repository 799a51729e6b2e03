"""From bytes to a tree of values and the places of its parts, by libyaml's events.

Read is what JSON can say: one document of mappings with text keys, sequences and scalars. What YAML has beyond that
can explode (aliases), run code (tags) or mean something else than it looks (merge keys), and is refused.
"""

from __future__ import annotations

from sys import intern
from typing import NoReturn

from yaml import events
from yaml.error import MarkedYAMLError

from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.spec.rule import Rule
from reconciler.spec.yaml.encoding import faults
from reconciler.spec.yaml.scalars import Scalar, scalar
from reconciler.spec.yaml.source import Source
from reconciler.spec.yaml.source_map import LINE, Marks, SourceMap, packed
from reconciler.spec.yaml.yaml_events import MAPPING_END, SCALAR, SEQUENCE_END, Event, stream

Tree = Scalar | list["Tree"] | dict[str, "Tree"]
MAX_DEPTH = 64
MAX_FINDINGS = 100

SYNTAX = Rule(
    "yaml-syntax",
    "error",
    "A document is well-formed YAML.",
    "Look at the line and the one above it: a missing blank after a colon, a quote that is not closed, "
    "a tab, or lines that do not stand under each other.",
)
EMPTY = Rule("empty-document", "error", "A file holds a document.", "Write the document or delete the file.")
SEVERAL = Rule(
    "several-documents",
    "error",
    "A file holds one document.",
    "Put what follows the line `---` into a file of its own.",
)
DUPLICATE_KEY = Rule(
    "duplicate-key",
    "error",
    "A mapping has each key once.",
    "YAML would silently take the last one. Keep one of the two.",
)
ALIAS = Rule(
    "yaml-alias",
    "error",
    "A document uses no anchors (&name), aliases (*name) or merge keys (<<).",
    "A few lines of aliases can stand for gigabytes. Write out what is meant; put text that begins with & or * "
    "in quotes.",
)
TAG = Rule(
    "yaml-tag",
    "error",
    "A document uses no YAML tags (!name).",
    "Tags ask the reader to make objects. Leave the tag out; put text that begins with ! in quotes.",
)
KEY = Rule("yaml-key", "error", "Every key is text.", "Put keys such as 1, true or null in quotes.")
DEPTH = Rule(
    "too-deep",
    "error",
    f"Mappings and sequences are nested at most {MAX_DEPTH} deep.",
    "No field of the mesh language lies deeper than eight levels.",
)


class _Stop(Exception):
    """Parsing ends here; what there is to say has been said."""


def parse(source: Source) -> tuple[Tree, SourceMap | None, list[Finding]]:
    """The value of a file, the places of its parts, and what is wrong with it. With findings there is no value."""
    builder = _Builder(source)
    builder.findings.extend(faults(source))
    if builder.findings:
        return None, None, builder.findings
    try:
        value, place = builder.document()
    except _Stop:
        pass
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = ", ".join(part for part in (error.context, error.problem) if part)
        builder.findings.append(SYNTAX.broken(Origin(source.file, line, column), f"is not YAML: {said}"))
    else:
        if not builder.findings:
            return value, place, []
    return None, None, builder.findings


class _Builder:
    def __init__(self, source: Source) -> None:
        self.file = source.file
        self.findings: list[Finding] = []
        self._next = stream(source.content)
        self._depth = 0

    def document(self) -> tuple[Tree, SourceMap]:
        self._next()  # the stream begins
        event = self._next()
        if isinstance(event, events.StreamEndEvent):
            self._stop(EMPTY, event, "is empty; write a document or delete the file")
        event = self._next()
        if isinstance(event, events.ScalarEvent) and not event.value and event.implicit[0]:
            self._stop(EMPTY, event, "is empty; write a document or delete the file")
        value, marks = self._node(event, _mark(event))
        self._next()  # the document ends
        event = self._next()
        if not isinstance(event, events.StreamEndEvent):
            self._stop(SEVERAL, event, "a second document begins here; give it a file of its own")
        return value, SourceMap(self.file, packed(marks))

    def _say(self, rule: Rule, event: Event, message: str) -> None:
        mark = event.start_mark
        self.findings.append(rule.broken(Origin(self.file, mark.line + 1, mark.column + 1), message))
        if len(self.findings) == MAX_FINDINGS:
            raise _Stop

    def _stop(self, rule: Rule, event: Event, message: str) -> NoReturn:
        self._say(rule, event, message)
        raise _Stop

    def _node(self, event: Event, here: int) -> tuple[Tree, Marks]:
        """The value that begins with an event; its mark is the given one."""
        if event.anchor is not None:
            if isinstance(event, events.AliasEvent):
                self._say(ALIAS, event, f"uses the alias *{_short(event.anchor)}; write out what it stands for")
                return None, here
            self._say(ALIAS, event, f"sets the anchor &{_short(event.anchor)}; write values out where they are needed")
        if event.tag is not None:
            self._say(TAG, event, f"uses the YAML tag {_short(event.tag)}; leave it out, or put the text in quotes")
        if isinstance(event, events.ScalarEvent):
            return _text(event), here
        if self._depth == MAX_DEPTH:
            self._stop(DEPTH, event, f"is nested more than {MAX_DEPTH} deep")
        self._depth += 1
        is_mapping = isinstance(event, events.MappingStartEvent)
        value, parts = self._mapping() if is_mapping else self._sequence()
        self._depth -= 1
        return value, [here, parts]

    def _sequence(self) -> tuple[Tree, list[Marks]]:
        values: list[Tree] = []
        parts: list[Marks] = []
        following = self._next
        while type(event := following()) is not SEQUENCE_END:
            value, marks = self._node(event, _mark(event))
            values.append(value)
            parts.append(marks)
        return values, parts

    def _mapping(self) -> tuple[Tree, dict[str, Marks]]:
        values: dict[str, Tree] = {}
        parts: dict[str, Marks] = {}
        following = self._next
        while type(event := following()) is not MAPPING_END:
            # Most of a mesh are plain keys with plain values: what `_mark`, `_key` and `_node` do with them is written
            # out here.
            start = event.start_mark
            here = (start.line + 1) * LINE + start.column + 1
            key: Tree = None
            if type(event) is SCALAR and event.tag is None and event.anchor is None:
                key = scalar(event.value) if event.implicit[0] else intern(event.value)
            if type(key) is not str or key == "<<":
                key = self._key(event)
            begun = following()
            value: Tree
            marks: Marks
            if type(begun) is SCALAR and begun.tag is None and begun.anchor is None:
                value, marks = scalar(begun.value) if begun.implicit[0] else intern(begun.value), here
            else:
                value, marks = self._node(begun, here)
            if key is None:
                continue
            if key in values:
                first = SourceMap(self.file, parts[key]).line
                self._say(
                    DUPLICATE_KEY, event, f"`{_short(key)}` was already given on line {first}; keep one of the two"
                )
                continue
            values[key] = value
            parts[key] = marks
        return values, parts

    def _key(self, event: Event) -> str | None:
        """The text of a key; None when it is none, which has been said."""
        value, _ = self._node(event, _mark(event))
        if value == "<<" and event.implicit[0]:
            self._say(ALIAS, event, "uses the merge key <<; write out what is meant")
            return None
        if type(value) is not str:
            self._say(KEY, event, f"the key {_short(_as_written(value))} is not text; put it in quotes")
            return None
        return value


def _text(event: Event) -> Scalar:
    """The value of a scalar."""
    return scalar(event.value) if event.implicit[0] else intern(event.value)


def _mark(event: Event) -> int:
    start = event.start_mark
    return (start.line + 1) * LINE + start.column + 1


def _as_written(value: Tree) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case _:
            return "(a mapping or sequence)"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
