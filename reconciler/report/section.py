"""Section: a part of a report, the same for every voice."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.report.lines import Line
from reconciler.report.table import Table


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report. `name` is stable; `title` a sentence; `folded` parts are folded in a comment.

    `table` comes after the title. `detail`: for those who look; a terminal shows only the title, unless with -v.
    """

    name: str
    title: str
    lines: tuple[Line, ...] = ()
    folded: bool = False
    table: Table | None = None
    detail: bool = False
