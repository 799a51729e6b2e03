"""Where in a file a place of an expression is: a line and a column of the YAML around it."""

from __future__ import annotations

import yaml

from reconciler.model.origin import Origin


def placed(text: str, origin: Origin, line: int, column: int) -> Origin:
    """The place of a line and column (from 1) of a scalar whose key is at `origin`; the key's where it is folded."""
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return origin
    node = _value_at(root, origin)
    if node is None:
        return origin
    start, lines = node.start_mark, text.splitlines()
    if node.style == "|":
        row = start.line + line
        indent = len(lines[start.line + 1]) - len(lines[start.line + 1].lstrip())
        return Origin(origin.file, row + 1, indent + column)
    if node.style == ">" or node.end_mark.line != start.line or "\\" in lines[start.line][start.column :]:
        return origin
    quote = 1 if node.style in ("'", '"') else 0
    return Origin(origin.file, start.line + 1, start.column + quote + column)


def _value_at(node: yaml.Node | None, origin: Origin) -> yaml.ScalarNode | None:
    """The scalar whose key, or which itself, stands at a place."""
    pending: list[yaml.Node] = [node] if node is not None else []
    while pending:
        each = pending.pop()
        if isinstance(each, yaml.MappingNode):
            for key, inner in each.value:
                if (key.start_mark.line + 1, key.start_mark.column + 1) == (origin.line, origin.column):
                    return inner if isinstance(inner, yaml.ScalarNode) else None
                pending.append(inner)
        elif isinstance(each, yaml.SequenceNode):
            pending.extend(each.value)
    return None
