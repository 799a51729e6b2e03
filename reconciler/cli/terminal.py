"""Terminal: how wide it is, whether a person watches, and lines that fit into it."""

from __future__ import annotations

import re
import shutil
import sys

from reconciler.report.wrapping import wrapped

_REQUEST = re.compile(r"\s+[a-z0-9-]+\.[A-Z]\w+ \{")


def is_terminal() -> bool:
    """Whether a person watches stderr."""
    return sys.stderr.isatty()


def width() -> int | None:
    """Columns of the terminal, or what COLUMNS says; None where output goes into a file or a pipe."""
    return shutil.get_terminal_size((0, 0)).columns or None


def fitted(text: str, room: int | None) -> list[str]:
    """A line as those that fit, the next ones indented below it. A request is literal and left whole."""
    if room is None or len(text) <= room or _REQUEST.match(text):
        return [text]
    return wrapped(text, room)
