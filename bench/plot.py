"""Plots: lines over two logarithmic axes, as an SVG document that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from math import ceil, floor, log10

Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 230, 50, 50
COLOURS = (
    *("#0b5fa5", "#c2410c", "#15803d", "#7e22ce", "#b91c1c"),
    *("#0f766e", "#a16207", "#475569", "#be185d", "#0ea5e9"),
)


def chart(title: str, across: str, up: str, lines: Mapping[str, Points]) -> str:
    """An SVG with a line for each name. Both axes are logarithmic, so what is linear rises one decade a decade.

    Every number must be above 0.
    """
    points = [point for line in lines.values() for point in line]
    wide, high = _Axis(x for x, _ in points), _Axis(y for _, y in points)

    def x(value: float) -> float:
        return LEFT + wide.share(value) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - high.share(value) * (HEIGHT - TOP - BOTTOM)

    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        'font-size="12" fill="#1e293b">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(LEFT, 24, title, size=15),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, across, anchor="middle"),
        _text(LEFT, TOP - 10, up),
    ]
    for tick in wide.ticks:
        drawn.append(_line([(x(tick), y(high.first)), (x(tick), y(high.last))], "#e2e8f0", 1))
        drawn.append(_text(x(tick), HEIGHT - BOTTOM + 18, _short(tick), anchor="middle"))
    for tick in high.ticks:
        drawn.append(_line([(x(wide.first), y(tick)), (x(wide.last), y(tick))], "#e2e8f0", 1))
        drawn.append(_text(LEFT - 8, y(tick) + 4, _short(tick), anchor="end"))
    for number, (name, line) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        places = [(x(across), y(up)) for across, up in line]
        drawn.append(_line(places, colour, 2))
        drawn += [f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3" fill="{colour}"/>' for px, py in places]
        row = TOP + 8 + 20 * number
        drawn.append(_line([(WIDTH - RIGHT + 15, row), (WIDTH - RIGHT + 35, row)], colour, 2))
        drawn.append(_text(WIDTH - RIGHT + 42, row + 4, name))
    return "\n".join([*drawn, "</svg>", ""])


class _Axis:
    """A logarithmic axis over whole decades; what is a tenth beyond the last one stands beside the grid."""

    def __init__(self, values: Iterable[float]) -> None:
        every = list(values)
        low, high = floor(log10(min(every))), ceil(log10(max(every) / 1.1))
        high = max(high, low + 1)
        self.ticks = [10.0**power for power in range(low, high + 1)]
        self.first, self.last = self.ticks[0], self.ticks[-1]

    def share(self, value: float) -> float:
        """How far along the axis a value is, from 0 to 1."""
        return (log10(value) - log10(self.first)) / (log10(self.last) - log10(self.first))


def _line(places: Iterable[tuple[float, float]], colour: str, width: int) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _text(x: float, y: float, words: str, *, anchor: str = "start", size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(words)}</text>'


def _short(value: float) -> str:
    """1,000 as 1k, 1,000,000 as 1M."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"
