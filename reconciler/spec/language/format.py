"""The canonical form of a document: fields in the order of the model, two blanks a level, every comment kept.

What people wrote is moved and never rewritten: quotes, braces and folded text stay as they are. Comments above a field
go with it, and so do those below it that are indented as what is in it; those above the first field stay at the top.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import BaseModel

from reconciler.spec.language.fields import below, fields, plain
from reconciler.spec.language.registry import document_types
from reconciler.spec.yaml.layout import Block, Entry, Item, Leaf, Node, layout
from reconciler.spec.yaml.parse import parse
from reconciler.spec.yaml.source import Source


class _Unsaid(Exception):
    """An item says nothing, which no field takes: what belongs to it cannot be told."""


def formatted(source: Source) -> bytes | None:
    """The canonical form of a file; None for one that has errors, or that cannot be brought into it unharmed.

    The form says the same as the file, and is its own canonical form.
    """
    value, _, findings = parse(source)
    if findings or not isinstance(value, dict):
        return None
    model = document_types().get(str(value.get("kind")))
    if model is None:
        return None
    lines = source.content.decode("utf-8-sig").splitlines()
    writer = _Writer(lines)
    try:
        text = "\n".join(_tidied(writer.document(layout(source.content), model))) + "\n"
    except _Unsaid:
        return None
    again, _, findings = parse(Source(source.path, text.encode(), source.base))
    return text.encode() if not findings and again == value else None


def canonical(path: str, text: str) -> str:
    """A text that a command makes, in the canonical form."""
    form = formatted(Source(path, text.encode()))
    return text if form is None else form.decode()


@dataclass(slots=True)
class _Piece:
    """An entry or item as it will stand: comments and blank lines above it, then its lines. `rank` orders it."""

    rank: int
    above: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


class _Inside(str):
    """A further line of a value, moved as a whole: its blanks may be part of a text."""

    __slots__ = ()

    def __new__(cls, line: str, by: int) -> _Inside:
        blanks = len(line) - len(line.lstrip(" "))
        return super().__new__(cls, " " * by + line if by >= 0 and line else line[min(-by, blanks) :])


class _Writer:
    """Takes the lines of a document apart. `_line` is the next line that nobody has taken."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self._line = 0

    def document(self, root: Node, model: type[BaseModel]) -> list[str]:
        header = self._taken_until(_first_line(root))
        body = self._node(root, 0, model)
        footer = [line.strip() for line in self.lines[self._line :] if line.strip() not in ("---", "...")]
        return [*(line for line in header if line != "---"), *body, *footer]

    def _taken_until(self, line: int, indent: int = 0) -> list[str]:
        """The comments and blank lines up to a line."""
        taken = [text.strip() for text in self.lines[self._line : line]]
        self._line = max(self._line, line)
        return [" " * indent + text if text else "" for text in taken]

    def _node(self, node: Node, indent: int, model: object) -> list[str]:
        match node:
            case Leaf():
                return self._leaf(node, indent)
            case Block():
                pieces = [self._piece(part, node, indent, model) for part in node.parts]
                pieces.sort(key=lambda piece: piece.rank)
                return [line for piece in pieces for line in (*piece.above, *piece.lines)]

    def _leaf(self, leaf: Leaf, indent: int, start: int | None = None) -> list[str]:
        """The lines of a value; `start` is the column at which the first line begins, the value's own by default."""
        column = leaf.column if start is None else start
        self._line = leaf.last + 1
        first = " " * indent + self.lines[leaf.first][column:]
        return [first, *(_Inside(line, indent - column) for line in self.lines[leaf.first + 1 : leaf.last + 1])]

    def _piece(self, part: Entry | Item, block: Block, indent: int, model: object) -> _Piece:
        """An entry or item with the comments that end it: those that are indented further than it is itself."""
        piece = self._entry(part, indent, model) if isinstance(part, Entry) else self._item(part, indent, model)
        if isinstance(part.value, Block) or part.value.first == part.value.last:  # Text may go on with such a line.
            piece.lines += self._comments_below(block.column, indent + 2)
        return piece

    def _comments_below(self, column: int, indent: int) -> list[str]:
        """The next comments as far as they are indented further than a column, with blank lines between them."""
        end = self._line
        for number in range(self._line, len(self.lines)):
            text = self.lines[number].lstrip(" ")
            if text and not (text.startswith("#") and len(self.lines[number]) - len(text) > column):
                break
            if text:
                end = number + 1
        return self._taken_until(end, indent)

    def _entry(self, entry: Entry, indent: int, model: object) -> _Piece:
        piece = _Piece(_rank(model, entry.key), self._taken_until(entry.line, indent))
        value = entry.value
        if isinstance(value, Leaf):
            if value.first == entry.line:
                piece.lines = self._leaf(Leaf(entry.line, value.last, value.column), indent, entry.column)
            else:
                piece.lines = self._leaf(Leaf(entry.line, value.last, entry.column), indent)
            return piece
        piece.lines = [" " * indent + self.lines[entry.line][entry.column :].rstrip()]
        self._line = entry.line + 1
        piece.lines += self._node(value, indent + 2, below(model, entry.key))
        return piece

    def _item(self, item: Item, indent: int, model: object) -> _Piece:
        piece = _Piece(0, self._taken_until(_dash(self.lines, self._line, item), indent))
        inner = below(model, 0)
        if isinstance(item.value, Leaf):
            lines = self._leaf(item.value, indent + 2)
        else:
            self._line = item.line
            lines = self._node(item.value, indent + 2, inner)
        said = (index for index, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#"))
        first = next(said, None)
        if first is None:
            raise _Unsaid
        piece.above += [line[2:] if line else "" for line in lines[:first]]
        piece.lines = [f"{' ' * indent}- {lines[first][indent + 2 :]}", *lines[first + 1 :]]
        return piece


def _first_line(node: Node) -> int:
    return node.first if isinstance(node, Leaf) else node.parts[0].line


def _dash(lines: list[str], start: int, item: Item) -> int:
    """The line of the dash before an item: its own, or one above it."""
    for line in range(start, item.line):
        if lines[line].lstrip().startswith("-"):
            return line
    return item.line


def _rank(model: object, key: str) -> int:
    """The position of a field in its model. In a free mapping entries stay in the order in which they were written."""
    here = plain(model)
    if not (isinstance(here, type) and issubclass(here, BaseModel)):
        return 0
    known = list(fields(here))
    return known.index(key) if key in known else len(known)


def _tidied(lines: list[str]) -> list[str]:
    """Without blanks at ends of lines, empty lines at the ends of the document, and two empty lines in a row."""
    tidy: list[str] = []
    for line in lines:
        text = line if isinstance(line, _Inside) else line.rstrip()
        if text or isinstance(line, _Inside) or (tidy and tidy[-1]):
            tidy.append(text)
    while tidy and not tidy[-1]:
        tidy.pop()
    return tidy
