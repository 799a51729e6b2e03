"""Edit: a document with one of its fields set, all else as it was written."""

from __future__ import annotations

import yaml


def with_field(text: str, name: str, value: str) -> str | None:
    """The text of a document whose field `name` (at its top) says `value`, which is YAML of one line.

    None where that cannot be done by lines: a document in one pair of braces, or one that ends in `...`.
    """
    try:
        root, said = yaml.compose(text, Loader=yaml.CSafeLoader), yaml.load(text, Loader=yaml.CSafeLoader)
        if not isinstance(root, yaml.MappingNode):
            return None
        made = "".join(_lines(text, root, name, f"{name}: {value}\n"))
        wanted = {**said, name: yaml.load(value, Loader=yaml.CSafeLoader)}
        return made if yaml.load(made, Loader=yaml.CSafeLoader) == wanted else None
    except yaml.YAMLError:
        return None


def _lines(text: str, root: yaml.MappingNode, name: str, line: str) -> list[str]:
    lines = [f"{each}\n" for each in text.rstrip().split("\n")]
    for key, value in root.value:
        if key.value == name:
            first, last = key.start_mark.line, value.end_mark.line
            if value.end_mark.column > 0 or last == first:
                last += 1
            while last > first + 1 and (not lines[last - 1].strip() or lines[last - 1].startswith("#")):
                last -= 1  # what stands before the next field
            return [*lines[:first], line, *lines[last:]]
    return [*lines, line]
