"""Outbox: which runs may owe a notice, by a small file for each beside their entries in the journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.aws.evidence_store import EvidenceStore
from reconciler.errors import MeshformError

_OPEN, _CLEARED = b'{"version": 1, "owes": true}\n', b'{"version": 1, "owes": false}\n'


@dataclass(frozen=True, slots=True)
class Outbox:
    """The outbox of a mesh. Everything raises MeshformError where it cannot be read or written."""

    store: EvidenceStore

    def note(self, file: str) -> None:
        """The run of this entry may come to owe a notice. To be written before anything is done."""
        self.store.write(f"{self._folder}{file}", _OPEN)

    def files(self) -> Iterator[str]:
        """The entries of runs that may owe a notice, oldest first."""
        for name in self.store.names(self._folder):
            if self.store.read(name) != _CLEARED:
                yield name.removeprefix(self._folder)

    def has_entry(self, file: str) -> bool:
        """Whether the entry is there at all: a run that was killed before it was written did nothing."""
        return f"{self.store.journal}{file}" in self.store.names(self.store.journal)

    def clear(self, file: str) -> None:
        """The run of this entry owes nothing any more."""
        name = f"{self._folder}{file}"
        try:
            self.store.remove(name)
        except MeshformError:
            # Roles that were deployed before there was an outbox may write there and not delete.
            self.store.write(name, _CLEARED)

    @property
    def _folder(self) -> str:
        return f"{self.store.journal}owed/"
