"""Merge: snapshots of parts of a mesh become the one that a single run would have written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from reconciler.errors import MeshformError
from reconciler.snapshots.file import BadSnapshot, lines_of, opened, write_lines
from reconciler.snapshots.format import Header, Json

Place = tuple[bool, str, str]
"""Where a reading stands in the file: the central account's first, then by placement and kind."""


@dataclass(slots=True)
class _Chosen:
    """The part that tells of one place: one that saw all of it before one that did not, the later one of equals."""

    part: int
    whole: bool
    taken: datetime


def merge(out: Path, parts: Sequence[Path]) -> int:
    """Write one snapshot of several, and say how many resources it holds.

    What two parts tell of one place is not mixed: the later one is taken, unless only the other saw all of it. Parts
    are read twice and never held whole. Raises MeshformError where they are not of one mesh, BadSnapshot for a bad one.
    """
    headers: list[Header] = []
    chosen: dict[Place, _Chosen] = {}
    for number, path in enumerate(parts):
        header = _survey(path, number, chosen)
        headers.append(header)
    merged = _merged(parts, headers)
    return write_lines(out, merged, _lines(parts, chosen, headers))


def _survey(path: Path, number: int, chosen: dict[Place, _Chosen]) -> Header:
    """The header of a part; which of its readings are the ones to take."""
    header, lines = opened(path)
    for line_number, line in lines:
        if "kind" in line:
            place, whole = _place(line, header, path, line_number), not line.get("gaps")
            known = chosen.get(place)
            if known is None or (known.whole, known.taken) <= (whole, header.taken):
                chosen[place] = _Chosen(number, whole, header.taken)
    return header


def _lines(parts: Sequence[Path], chosen: dict[Place, _Chosen], headers: Sequence[Header]) -> Iterable[Json]:
    """The chosen readings with their resources, in the order of a single run."""
    streams = [_Stream(path, number, headers[number], chosen) for number, path in enumerate(parts)]
    for place in sorted(chosen):
        yield from streams[chosen[place].part].of(place)


class _Stream:
    """The lines of one part, which has its readings in the order of the whole."""

    def __init__(self, path: Path, number: int, header: Header, chosen: dict[Place, _Chosen]) -> None:
        self._path, self._header = path, header
        self._lines = lines_of(path)
        self._next: tuple[int, Json] | None = None
        self._mine = {place for place, each in chosen.items() if each.part == number}
        self._step()  # the header

    def of(self, place: Place) -> Iterable[Json]:
        """The reading of a place and its resources; what comes before it was not chosen."""
        self._skip(lambda line, number: _place(line, self._header, self._path, number) != place)
        if self._next is None:
            raise BadSnapshot(f"{self._path}: its readings are not in the order in which Meshform writes them.")
        yield self._next[1]
        self._step()
        while self._next is not None and "kind" not in self._next[1]:
            yield self._next[1]
            self._step()
        self._mine.discard(place)
        if not self._mine:
            # To the end, so that a part is known to be whole and unchanged.
            while self._next is not None:
                self._step()

    def _skip(self, unwanted: Callable[[Json, int], bool]) -> None:
        while self._next is not None and ("kind" not in self._next[1] or unwanted(self._next[1], self._next[0])):
            self._step()

    def _step(self) -> None:
        if self._next is None:
            next(self._lines, None)
        self._next = next(self._lines, None)


def _place(line: Json, header: Header, path: Path, number: int) -> Place:
    try:
        at, kind = str(line["at"]), str(line["kind"])
    except KeyError as error:
        raise BadSnapshot(f"{path}: line {number} is not understood: it lacks {error}.") from error
    return at.partition("/")[0] != header.central, at, kind


def _merged(parts: Sequence[Path], headers: Sequence[Header]) -> Header:
    """The header of all. Raises MeshformError where the parts do not fit together."""
    first = headers[0]
    for path, header in zip(parts[1:], headers[1:], strict=True):
        for what, one, other in (
            ("mesh", first.mesh, header.mesh),
            ("central account", first.central, header.central),
            ("state of being redacted", first.redacted, header.redacted),
        ):
            if one != other:
                raise MeshformError(f"{parts[0]} and {path} do not fit together: {what} {one!r} and {other!r}.")
        if header.wanted != first.wanted:
            raise MeshformError(
                f"{parts[0]} and {path} were taken with different versions of the mesh. Take them from one commit."
            )
    every = sorted((part for header in headers for part in header.parts), key=lambda part: (part.taken, part.accounts))
    return Header(first.mesh, first.central, first.wanted, tuple(every), first.redacted)
