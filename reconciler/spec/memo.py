"""memo: what follows from a mesh as a whole is worked out once for each mesh, however often it is asked for."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Protocol, TypeVar, cast

T = TypeVar("T")


class Notes(Protocol):
    """Something that never changes and has room to keep what was derived from it."""

    @property
    def notes(self) -> dict[object, object]:
        """What was derived, by the function that did it."""
        ...


N = TypeVar("N", bound=Notes)


def memo(work: Callable[[N], T]) -> Callable[[N], T]:
    """The function, remembering its answer in the mesh itself: it goes with the mesh.

    Answers are shared, so nobody may change them. Two threads may work it out twice; the first answer stays.
    """

    @functools.wraps(work)
    def known(mesh: N) -> T:
        return remembered(mesh, work, lambda: work(mesh))

    return known


def remembered(mesh: Notes, key: object, work: Callable[[], T]) -> T:
    """The same for what is told by a key of its own."""
    notes = mesh.notes
    if key not in notes:
        notes.setdefault(key, work())
    return cast("T", notes[key])
