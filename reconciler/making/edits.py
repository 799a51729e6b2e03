"""Edits of documents that are there: together or not at all, each with all else as it was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from reconciler.errors import MeshformError
from reconciler.owners.documents import path_in_mesh
from reconciler.spec.documents.base import Document
from reconciler.spec.language.format import canonical
from reconciler.spec.mesh import Mesh
from reconciler.spec.yaml.source import text_of


@dataclass(slots=True)
class Edits:
    """Files of a mesh by path as they are to be (None: gone), and what a person should know of it."""

    mesh: Mesh
    files: dict[str, str | None] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def change(self, document: Document, what: str, *steps: Callable[[str], str | None]) -> None:
        """Change a document step by step. Raises MeshformError, `what` being what people have to do by hand then."""
        path = path_in_mesh(self.mesh, document)
        before = made = self.files.get(path) or text_of(document.origin.file)
        for step in steps:
            edited = step(made)
            if edited is None:
                raise MeshformError(f"{document.origin.file} cannot be edited by lines: {what} by hand.")
            made = edited
        self.files[path] = canonical(path, made) if canonical(path, before) == before else made

    def remove(self, document: Document) -> None:
        """Take a document away."""
        self.files[path_in_mesh(self.mesh, document)] = None

    def is_gone(self, document: Document) -> bool:
        """Whether a document is taken away by these edits."""
        return self.files.get(path_in_mesh(self.mesh, document), "") is None
