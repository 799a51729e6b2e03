"""FilesIndex: the tables of a state in the order of their files, to be asked which of them lie where."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reconciler.access.state.table_view import TableView


@dataclass(frozen=True, slots=True)
class FilesIndex:
    """Tables by their files (`s3://bucket/prefix/`), sorted. Views, which have none, are not in it."""

    paths: list[str]
    views: list[TableView]

    @classmethod
    def of(cls, tables: Iterable[TableView]) -> FilesIndex:
        """Of any tables."""
        views = sorted((view for view in tables if view.files), key=lambda view: folder(view.files))
        return cls([folder(view.files) for view in views], views)

    def overlapping(self, files: str) -> Iterator[TableView]:
        """Tables whose files lie in a place, or in whose place it lies."""
        path = folder(files)
        yield from self._at(path, whole=False)
        scheme, _, rest = path.partition("://")
        parts = rest.rstrip("/").split("/")
        for end in range(1, len(parts)):
            yield from self._at(f"{scheme}://{'/'.join(parts[:end])}/", whole=True)

    def _at(self, path: str, *, whole: bool) -> Iterator[TableView]:
        for number in range(bisect_left(self.paths, path), len(self.paths)):
            if self.paths[number] != path and (whole or not self.paths[number].startswith(path)):
                return
            yield self.views[number]


def folder(files: str) -> str:
    """A place of files as a folder, however it was written."""
    return f"{files.rstrip('/')}/"
