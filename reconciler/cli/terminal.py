"""Terminal: how wide it is, whether a person watches, and lines that fit into it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO, cast

from reconciler.report.plain import plain
from reconciler.report.wrapping import wrapped

_REQUEST = re.compile(r"\s+[a-z0-9-]+\.[A-Z]\w+ \{")
if TYPE_CHECKING:
    from rich.console import Console

_STEERS = re.compile(
    "\x1b(?!\\[[0-9;]*m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff\ufffe\uffff]"
)
"""What moves the cursor, hides or turns text, or is no text; not the end of a line, a tab, and colours."""


class _Harmless:
    """A stream on which nothing that others wrote steers the terminal: such signs are written as escapes."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        return self.stream.write(_STEERS.sub(lambda found: plain(found.group()), text))

    def __getattr__(self, name: str) -> object:
        return getattr(self.stream, name)


@contextmanager
def harmless_output() -> Iterator[None]:
    """While it is open, stdout and stderr take every text, whatever command writes it."""
    out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = cast(TextIO, _Harmless(out)), cast(TextIO, _Harmless(err))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err


def console() -> Console:
    """Where progress is shown: the terminal behind stderr, whose cursor it moves."""
    from rich.console import Console

    stream = sys.stderr
    return Console(file=stream.stream if isinstance(stream, _Harmless) else stream)


def is_terminal() -> bool:
    """Whether a person watches stderr."""
    return sys.stderr.isatty()


def width() -> int | None:
    """Columns of the terminal, or what COLUMNS says; None where output goes into a file or a pipe."""
    if "COLUMNS" in os.environ:
        import shutil

        return shutil.get_terminal_size((0, 0)).columns or None
    if sys.__stdout__ is None:
        return None
    try:
        # As shutil does it, which loads what packs archives.
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or None
    except (ValueError, OSError):
        return None


def fitted(text: str, room: int | None) -> list[str]:
    """A line as those that fit, the next ones indented below it. A request is literal and left whole."""
    if room is None or len(text) <= room or _REQUEST.match(text):
        return [text]
    return wrapped(text, room)
