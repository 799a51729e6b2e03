"""Documents of a mesh, and those that differ between two of them."""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reconciler.spec.documents.base import Document
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh

Key = tuple[str, str]
"""Kind and name of a document."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A document at the base commit and now; one of them is None when it is new or gone."""

    before: Document | None
    after: Document | None

    @property
    def document(self) -> Document:
        """The document as it is now, or as it was."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def action(self) -> str:
        """create, update or delete."""
        if self.before is None:
            return "create"
        return "delete" if self.after is None else "update"


@memo
def documents(mesh: Mesh) -> Mapping[Key, Document]:
    """Every document of a mesh by its kind and name."""
    found: dict[Key, Document] = {}
    for field in dataclasses.fields(mesh):
        if not field.compare:
            continue
        value = getattr(mesh, field.name)
        members = value.values() if isinstance(value, Mapping) else (value,)
        found.update({(each.kind, each.name): each for each in members if isinstance(each, Document)})
    return found


def path_in_mesh(mesh: Mesh, document: Document) -> str:
    """Where a document lies in the folder of its mesh, however people have written that folder."""
    # mesh.yaml lies at the top of it.
    top = posixpath.dirname(mesh.settings.origin.file)
    return document.origin.file.removeprefix(f"{top}/")


def changed(before: Mesh, after: Mesh) -> Iterator[Changed]:
    """The documents that do not say the same at both commits, by kind and name. Where they lie does not count."""
    old, new = documents(before), documents(after)
    for key in sorted(key for key in old.keys() | new.keys() if not same(old.get(key), new.get(key))):
        yield Changed(old.get(key), new.get(key))


def same(one: Document | None, other: Document | None) -> bool:
    """Whether two documents say the same, or neither is there."""
    return one is other or (one is not None and other is not None and one.model_dump() == other.model_dump())
