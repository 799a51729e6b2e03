"""Wrapping: a long line as several that fit, at words, with a hanging indent."""

from __future__ import annotations

import re
import textwrap

_TYPED = re.compile(r"`[^`]+`")
_BLANK = "\x00"
"""Stands for a blank at which no line ends."""


def wrapped(text: str, width: int) -> list[str]:
    """A line as several that fit, the next ones indented below the first, less where there is little room.

    Only a word that is longer than that stands out: nothing is cut. What is typed (`in backticks`) stays together.
    """
    indent = min(len(text) - len(text.lstrip()), width // 4)
    whole = _TYPED.sub(lambda typed: typed[0].replace(" ", _BLANK) if len(typed[0]) <= width // 2 else typed[0], text)
    lines = textwrap.wrap(
        whole.strip(),
        width,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + min(4, max(width // 8, 1))),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_BLANK, " ") for line in lines] or [text]
