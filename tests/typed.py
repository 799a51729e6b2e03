"""What somebody types at a terminal, for commands that run in this process."""

from __future__ import annotations

import io


class Typed(io.StringIO):
    """stdin with a line for each question; nobody is behind a plain io.StringIO."""

    def isatty(self) -> bool:
        return True
