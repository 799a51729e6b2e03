"""Bars: a few numbers of very different size beside each other, as an SVG document that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import log10

WIDTH, LEFT, RIGHT, TOP, BAR, GAP = 720, 210, 80, 60, 18, 14
COLOURS = ("#0b5fa5", "#94a3b8")


def bars(title: str, names: tuple[str, str], rows: Sequence[tuple[str, int, int]]) -> str:
    """Two bars for each row. Lengths are logarithmic, as the last line says. Every number must be above 0."""
    most = log10(max(number for _, *numbers in rows for number in numbers))
    height = TOP + len(rows) * (2 * BAR + GAP) + 30
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        'font-size="12" fill="#1e293b">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(20, 26, title, size=15),
    ]
    for number, (name, colour) in enumerate(zip(names, COLOURS, strict=True)):
        drawn.append(f'<rect x="{LEFT + 110 * number}" y="36" width="12" height="12" fill="{colour}"/>')
        drawn.append(_text(LEFT + 18 + 110 * number, 46, name))
    for place, (label, *numbers) in enumerate(rows):
        top = TOP + place * (2 * BAR + GAP)
        drawn.append(_text(LEFT - 10, top + BAR + 4, label, anchor="end"))
        for number, (value, colour) in enumerate(zip(numbers, COLOURS, strict=True)):
            length = max((WIDTH - LEFT - RIGHT) * log10(value) / most, 2)
            y = top + number * BAR
            drawn.append(f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR - 2}" fill="{colour}"/>')
            drawn.append(_text(LEFT + length + 6, y + BAR - 5, f"{value:,}"))
    drawn.append(_text(LEFT, height - 8, "The lengths are logarithmic."))
    return "\n".join([*drawn, "</svg>"]) + "\n"


def _text(x: float, y: float, words: str, *, size: int = 12, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}">{escape(words)}</text>'
