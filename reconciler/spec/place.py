"""Place: where in a file each part of a document was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from reconciler.model.resource import Origin

Key = str | int


class Place(NamedTuple):
    """A node of the tree of places that runs beside a document. Lines and columns count from 1.

    The place of a mapping's entry is its key, of a sequence's entry its value. Two places are always equal,
    so that two documents are equal when they say the same. A NamedTuple, because a large mesh has a million of them.
    """

    file: str
    line: int
    column: int
    parts: Mapping[Key, Place] | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Place)

    def __ne__(self, other: object) -> bool:
        return not isinstance(other, Place)

    def __hash__(self) -> int:
        return 0

    @property
    def origin(self) -> Origin:
        """The place as the rest of the program speaks of it."""
        return Origin(self.file, self.line, self.column)

    def at(self, *path: Key) -> Origin:
        """The place of the part at `path`, or of the nearest part above it that was written."""
        return self.node(*path).origin

    def node(self, *path: Key) -> Place:
        """The node at `path`, or the nearest one above it."""
        here = self
        for key in path:
            below = here.parts.get(key) if here.parts else None
            if below is None:
                break
            here = below
        return here


NOWHERE = Place("", 1, 1)
