"""Lineage as a drawing: where the data of a product come from, what is made of them, and who reads them. Plain SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

WIDTH, BOX, ROW = 720, 200, 44
_MOST = 12


@dataclass(frozen=True, slots=True)
class Node:
    """A box of the drawing: its text, the page that it leads to, if there is one, and what it is."""

    text: str
    href: str = ""
    what: str = "source"
    x: int = 0
    y: int = 0

    @property
    def short(self) -> str:
        """The text as it fits into the box."""
        return self.text if len(self.text) <= 26 else f"{self.text[:25]}…"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes with their places, lines between their middles (x1, y1, x2, y2), and how high it is."""

    nodes: tuple[Node, ...]
    lines: tuple[tuple[int, int, int, int], ...]
    height: int
    said: str
    """The same in a sentence, for who does not see it."""


def drawing(product: str, sources: Sequence[Node], made: Sequence[Node], readers: Sequence[Node]) -> Drawing:
    """Sources on the left, the product in the middle, on the right what is made of it and who reads it; long lists end
    with how many more."""
    left, right = _few(sources), [*_few(made), *_few(readers)]
    rows = max(len(left), len(right), 1)
    middle = (rows - 1) * ROW // 2
    nodes, lines = [Node(product, "", "this", WIDTH // 2 - BOX // 2, middle)], []
    for x, many, inner in ((0, left, True), (WIDTH - BOX, right, False)):
        top = (rows - len(many)) * ROW // 2
        for number, each in enumerate(many):
            y = top + number * ROW
            nodes.append(replace(each, x=x, y=y))
            ends = (BOX, y + 16, WIDTH // 2 - BOX // 2, middle + 16)
            lines.append(ends if inner else (WIDTH // 2 + BOX // 2, middle + 16, WIDTH - BOX, y + 16))
    said = f"{product} comes from {_listed(sources) or 'nothing that is written down'}."
    if made:
        said += f" Of it {_listed(made)} {'is' if len(made) == 1 else 'are'} made."
    if readers:
        said += f" It is read by {_listed(readers)}."
    return Drawing(tuple(nodes), tuple(lines), rows * ROW, said)


def _few(many: Sequence[Node]) -> list[Node]:
    if len(many) <= _MOST:
        return list(many)
    return [*many[: _MOST - 1], Node(f"and {len(many) - _MOST + 1} more")]


def _listed(many: Sequence[Node]) -> str:
    return ", ".join(each.text for each in many)
