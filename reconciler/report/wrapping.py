"""Wrapping: a long line as several that fit, at words, with a hanging indent."""

from __future__ import annotations

import textwrap


def wrapped(text: str, width: int) -> list[str]:
    """A line as several that fit, the next ones indented below the first. Its own indent and mark are kept."""
    indent = len(text) - len(text.lstrip())
    hanging = " " * (indent + 4)
    return textwrap.wrap(
        text.strip(),
        max(width, indent + 20),
        initial_indent=" " * indent,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [text]
