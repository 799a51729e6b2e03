"""Origin: the place in a file that asked for something."""

from __future__ import annotations

from reconciler.model.record import record


@record(order=True)
class Origin:
    """The place in a file that asked for something. Lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"
