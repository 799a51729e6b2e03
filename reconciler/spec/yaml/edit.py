"""Edit: a document with one value set, added or taken out; all else as it was written.

Each edit is made by the lines of the text, then read again: where that does not say exactly what was meant, there is
none (None), and people edit the file by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import yaml

from reconciler.spec.yaml.flow import flow
from reconciler.spec.yaml.source_map import Key

Path = Sequence[Key]
Splice = tuple[int, int, str]
"""Where in the text what is taken out begins and ends, and what stands there instead."""


def with_field(text: str, name: str, value: str) -> str | None:
    """The text of a document whose field `name` (at its top) says `value`, which is YAML of one line."""
    return with_value(text, (name,), value, is_written=True)


def with_value(text: str, path: Path, value: object, *, is_written: bool = False) -> str | None:
    """The text with a field of a mapping set; the mapping at `path[:-1]` is there. `is_written`: the value is YAML."""
    written = str(value) if is_written else flow(value)

    def splice(root: yaml.Node) -> Splice | None:
        parent, name = _at(root, path[:-1]), str(path[-1])
        if not isinstance(parent, yaml.MappingNode):
            return None
        for key, old in parent.value:
            if key.value == name:
                return text.index(":", key.end_mark.index) + 1, max(_end(old), key.end_mark.index + 1), f" {written}"
        return _appended(text, parent, f"{flow(name)}: {written}")

    def meant(data: Any) -> None:
        _inside(data, path[:-1])[path[-1]] = _read(written)

    return _edited(text, splice, meant)


def with_item(text: str, path: Path, item: Mapping[str, object]) -> str | None:
    """The text with one more entry of a list: `path` ends in the place that it gets."""

    def splice(root: yaml.Node) -> Splice | None:
        parent, at = _at(root, path[:-1]), path[-1]
        if not isinstance(parent, yaml.SequenceNode) or not isinstance(at, int) or not 0 < at <= len(parent.value):
            return None
        before = parent.value[at - 1]
        if parent.flow_style:
            return _end(before), _end(before), f", {flow(item)}"
        indent = " " * parent.start_mark.column
        lines = [f"{flow(name)}: {flow(value)}" for name, value in item.items()]
        if getattr(before, "flow_style", False):
            lines = [flow(item)]
        return _new_lines(text, _end(before), [f"{indent}- {lines[0]}", *(f"{indent}  {line}" for line in lines[1:])])

    def meant(data: Any) -> None:
        _inside(data, path[:-1]).insert(path[-1], _read(flow(item)))

    return _edited(text, splice, meant)


def without(text: str, path: Path) -> str | None:
    """The text without an entry of a list or a field. None for the only one there is: what an empty list means is not
    for a piece of text to say."""

    def splice(root: yaml.Node) -> Splice | None:
        parent = _at(root, path[:-1])
        if isinstance(parent, yaml.SequenceNode):
            nodes = [(each, each) for each in parent.value]
            at = path[-1]
        elif isinstance(parent, yaml.MappingNode):
            nodes = parent.value
            at = next((number for number, (key, _) in enumerate(nodes) if key.value == path[-1]), -1)
        else:
            return None
        if len(nodes) < 2 or not isinstance(at, int) or not 0 <= at < len(nodes):
            return None
        first, last = nodes[at][0].start_mark.index, _end(nodes[at][1])
        if not parent.flow_style:
            start, end = text.rfind("\n", 0, first) + 1, _line_end(text, last)
            return (_with_comments(text, start, first - start) if at else start), end, ""
        if at + 1 < len(nodes):
            return first, nodes[at + 1][0].start_mark.index, ""
        return _end(nodes[at - 1][1]), last, ""

    def meant(data: Any) -> None:
        del _inside(data, path[:-1])[path[-1]]

    return _edited(text, splice, meant)


def _edited(text: str, splice: Callable[[yaml.Node], Splice | None], meant: Callable[[Any], None]) -> str | None:
    try:
        root, wanted = yaml.compose(text, Loader=yaml.CSafeLoader), _read(text)
        found = splice(root) if root is not None else None
        if found is None:
            return None
        start, end, new = found
        made = text[:start] + new + text[end:]
        meant(wanted)
        return made if _read(made) == wanted else None
    except (yaml.YAMLError, LookupError, TypeError, ValueError):
        return None


def _read(text: str) -> Any:
    return yaml.load(text, Loader=yaml.CSafeLoader)


def _at(node: yaml.Node, path: Path) -> yaml.Node:
    for step in path:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
        elif isinstance(node, yaml.MappingNode):
            node = {key.value: value for key, value in node.value}[step]
        else:
            raise LookupError(step)
    return node


def _inside(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _end(node: yaml.Node) -> int:
    """Where the last sign of a value stands; what comes after a block, blank lines and comments, is not its own."""
    if isinstance(node, yaml.ScalarNode) or getattr(node, "flow_style", False) or not node.value:
        end = int(node.end_mark.index)
        return end - 1 if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">") and end else end
    last = node.value[-1]
    return _end(last[1] if isinstance(node, yaml.MappingNode) else last)


def _line_end(text: str, index: int) -> int:
    """Where the next line begins."""
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def _with_comments(text: str, start: int, indent: int) -> int:
    """Where the comments right above a line begin that are indented as it is."""
    while start:
        above = text.rfind("\n", 0, start - 1) + 1
        line = text[above:start]
        if not line.startswith(" " * indent + "#"):
            break
        start = above
    return start


def _appended(text: str, parent: yaml.MappingNode, entry: str) -> Splice:
    """One more field at the end of a mapping."""
    if parent.flow_style:
        if not parent.value:
            return parent.start_mark.index + 1, parent.start_mark.index + 1, entry
        end = _end(parent.value[-1][1])
        return end, end, f", {entry}"
    return _new_lines(text, _end(parent), [" " * parent.start_mark.column + entry])


def _new_lines(text: str, index: int, lines: list[str]) -> Splice:
    """Lines of their own after the line in which something ends."""
    at, end = _line_end(text, index), "\r\n" if "\r\n" in text else "\n"
    before = "" if at == 0 or text[at - 1] == "\n" else end
    return at, at, before + "".join(f"{line}{end}" for line in lines)
