"""Moved: fields that have another name now, and documents brought to it; all else stays as it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml


@dataclass(frozen=True, slots=True)
class Moved:
    """A field of a kind of document by its path (`*`: each entry of a list), and the name that it has now."""

    kind: str
    path: tuple[str, ...]
    name: str

    def __str__(self) -> str:
        return ".".join(self.path).replace(".*", "[]")


MOVED = (
    Moved("Adopted", ("grants", "*", "on"), "resource"),
    Moved("Adopted", ("optIns", "*", "on"), "resource"),
)
"""In the order in which they moved. A line stays for good: nobody knows how old a mesh is that comes."""


def renewed(text: str, moved: tuple[Moved, ...] = MOVED) -> tuple[str, tuple[Moved, ...]]:
    """A document with its fields under the names that they have now, and which of them had moved.

    What is no YAML is left alone, and so is a field beside one that has its new name already.
    """
    done = []
    for each in moved:
        try:
            root = yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError:
            return text, ()
        if not isinstance(root, yaml.MappingNode) or _value(root, "kind") != each.kind:
            continue
        lines = text.split("\n")
        keys = sorted(_keys(root, each.path, each.name), key=lambda key: (key.start_mark.line, key.start_mark.column))
        for key in reversed(keys):
            line, first, last = key.start_mark.line, key.start_mark.column, key.end_mark.column
            lines[line] = lines[line][:first] + each.name + lines[line][last:]
        if keys:
            text = "\n".join(lines)
            done.append(each)
    return text, tuple(done)


def _keys(node: yaml.Node, path: tuple[str, ...], name: str) -> Iterator[yaml.Node]:
    """The keys at a path, where the mapping has no key of the new name."""
    step, rest = path[0], path[1:]
    if step == "*" and isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _keys(each, rest, name)
    elif isinstance(node, yaml.MappingNode):
        known = {key.value for key, _ in node.value}
        for key, value in node.value:
            if key.value == step and rest:
                yield from _keys(value, rest, name)
            elif key.value == step and name not in known:
                yield key


def _value(root: yaml.MappingNode, name: str) -> object:
    return next((value.value for key, value in root.value if key.value == name), None)
