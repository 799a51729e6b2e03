"""Table: rows under headings, as text for a terminal, as Markdown, and as CSV. The one place that draws tables."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from reconciler.report.markdown import inline
from reconciler.report.plain import plain, shortened
from reconciler.report.wrapping import wrapped

_GAP = "  "
_LONGEST = 1_000
WIDE = 140
"""Columns of a terminal that nobody has measured: output that goes into a file or a pipe."""


@dataclass(frozen=True, slots=True)
class Table:
    """Headings, and rows with as many cells. Cells are plain text; what others wrote is made harmless here."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table_text(table: Table, width: int = WIDE) -> Iterator[str]:
    """The table for a terminal of so many columns: words wrap inside of their cell, nothing is cut off.

    Where a word would not fit any more, every row is a paragraph: `+ data-scientist; reads credit_card; ...`.
    """
    rows = [table.headings, *(tuple(map(plain, row)) for row in table.rows)]
    columns = list(zip(*rows, strict=True))
    narrowest = [max(len(word) for cell in column for word in [*cell.split(), ""]) for column in columns]
    room = width - len(_GAP) * (len(columns) - 1)
    if sum(narrowest) > room:
        yield from _paragraphs(table, width)
        return
    widths = [max(map(len, column)) for column in columns]
    while sum(widths) > room:
        spare = [wide - least for wide, least in zip(widths, narrowest, strict=True)]
        widths[spare.index(max(spare))] -= 1
    for row in rows:
        yield from _row_text(row, widths)


def _row_text(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """A row as lines: each cell wrapped at words."""
    cells = [
        textwrap.wrap(cell, max(wide, 1), break_long_words=False, break_on_hyphens=False)
        for cell, wide in zip(row, widths, strict=True)
    ]
    for parts in zip_longest(*cells, fillvalue=""):
        padded = (part.ljust(wide) for part, wide in zip(parts, widths, strict=True))
        yield _GAP.join(padded).rstrip()


def _paragraphs(table: Table, width: int) -> Iterator[str]:
    """A cell without a heading is a mark and stands first; empty cells are left out."""
    for row in table.rows:
        cells = [(heading, plain(cell)) for heading, cell in zip(table.headings, row, strict=True) if cell.strip()]
        mark = " ".join(cell for heading, cell in cells if not heading)
        named = [(heading, cell) for heading, cell in cells if heading]
        text = "; ".join([*(cell for _, cell in named[:1]), *(f"{heading} {cell}" for heading, cell in named[1:])])
        yield from wrapped(f"{mark} {text}" if mark else text, width)


def table_markdown(table: Table) -> list[str]:
    """The table for GitHub. Text within stays text, whatever it holds."""
    return [_row(table.headings), _row(["---"] * len(table.headings)), *map(_row, _cells(table.rows))]


def table_csv(table: Table) -> str:
    """The table as RFC 4180, with headings. A cell that a spreadsheet would take for a formula begins with `'`."""
    import csv  # Few commands write it.

    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(table.headings)
    writer.writerows([_harmless(cell) for cell in row] for row in table.rows)
    return page.getvalue()


def _cells(rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    return ([inline(shortened(cell, _LONGEST)) for cell in row] for row in rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _harmless(cell: str) -> str:
    text = plain(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
