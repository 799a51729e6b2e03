"""A mesh in which some documents are as they were elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.owners.documents import Key, documents, path_in_mesh
from reconciler.spec.checks import check
from reconciler.spec.documents.base import Document
from reconciler.spec.mesh import Mesh
from reconciler.spec.today import today
from reconciler.spec.unchecked_mesh import UncheckedMesh


def replaced(mesh: Mesh, others: Mapping[Key, Document | None]) -> Mesh | None:
    """The mesh with other documents in place of its own (None: without it). None where they do not fit together."""
    found = {**documents(mesh), **others}
    placed = ((path_in_mesh(mesh, each), each) for each in found.values() if each is not None)
    unchecked = UncheckedMesh(tuple(sorted(placed, key=lambda entry: entry[0])), frozenset(), today())
    broken = any(finding.severity == "error" for finding in check(unchecked))
    return None if broken else unchecked.mesh
