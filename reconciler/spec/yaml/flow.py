"""Values written within a line, so that every reader of YAML reads them as what they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import yaml

# Begins with a letter, so that it is no number, and holds nothing that ends a text in braces.
_PLAIN = re.compile(r"[^\W\d_]([\w ().'/&@+%;!-]*[\w).!])?")


def flow(value: object) -> str:
    """A value within a line: texts plain where every YAML reads them as that text, else in quotes."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float() | date():
            return str(value)
        case Mapping():
            return f"{{{', '.join(f'{flow(name)}: {flow(each)}' for name, each in value.items())}}}"
        case str():
            if _PLAIN.fullmatch(value) and yaml.safe_load(value) == value:
                return value
            if '"' in value and "'" not in value and value.isprintable():
                return f"'{value}'"
            quoted: str = yaml.safe_dump(value, default_style='"', allow_unicode=True, width=10**9)
            return quoted.strip()
        case Sequence():
            return f"[{', '.join(flow(each) for each in value)}]"
        case _:
            raise TypeError(f"{type(value).__name__} has no form within a line")


def page(fields: Mapping[str, object]) -> str:
    """A document with these fields, a line each; of a list of mappings, a line for each of these."""
    lines: list[str] = []
    for name, value in fields.items():
        match value:
            case [Mapping(), *_]:
                lines += [f"{name}:", *(f"  - {flow(each)}" for each in value)]
            case _:
                lines.append(f"{name}: {flow(value)}")
    return "\n".join(lines) + "\n"
