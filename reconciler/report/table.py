"""Table: rows under headings, as text for a terminal, as Markdown, and as CSV. The one place that draws tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.report.markdown import inline
from reconciler.report.plain import plain
from reconciler.report.wrapping import wrapped

WIDE = 140
"""Columns of a terminal that nobody has measured: output that goes into a file or a pipe."""


@dataclass(frozen=True, slots=True)
class Table:
    """Headings, and rows with as many cells. Cells are plain text; what others wrote is made harmless here."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table_text(table: Table, width: int = WIDE) -> Iterator[str]:
    """The table for a terminal of so many columns: words wrap inside of their cell, nothing is cut off.

    Where a word would not fit any more, every row is a paragraph: `+ who data-scientist; reads credit_card; ...`.
    """
    narrowest = [max(len(word) for cell in column for word in [*cell.split(), ""]) for column in _columns(table)]
    if sum(narrowest) + 2 * len(narrowest) > width:
        yield from _paragraphs(table, width)
        return
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for heading, least in zip(table.headings, narrowest, strict=True):
        drawn.add_column(Text(heading), min_width=least)
    for row in table.rows:
        drawn.add_row(*(Text(plain(cell)) for cell in row))
    page = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)
    with page.capture() as drawing:
        page.print(drawn)
    yield from (line.rstrip() for line in drawing.get().splitlines())


def _columns(table: Table) -> Iterator[tuple[str, ...]]:
    return zip(table.headings, *table.rows, strict=True)


def _paragraphs(table: Table, width: int) -> Iterator[str]:
    """A cell without a heading is a mark and stands first; empty cells are left out."""
    for row in table.rows:
        cells = [(heading, plain(cell)) for heading, cell in zip(table.headings, row, strict=True) if cell.strip()]
        mark = " ".join(cell for heading, cell in cells if not heading)
        text = "; ".join(f"{heading} {cell}" for heading, cell in cells if heading)
        yield from wrapped(f"{mark} {text}" if mark else text, width)


def table_markdown(table: Table) -> list[str]:
    """The table for GitHub. Text within stays text, whatever it holds."""
    return [_row(table.headings), _row(["---"] * len(table.headings)), *map(_row, _cells(table.rows))]


def table_csv(table: Table) -> str:
    """The table as RFC 4180, with headings. A cell that a spreadsheet would take for a formula begins with `'`."""
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(table.headings)
    writer.writerows([_harmless(cell) for cell in row] for row in table.rows)
    return page.getvalue()


def _cells(rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    return ([inline(cell) for cell in row] for row in rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _harmless(cell: str) -> str:
    text = plain(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
