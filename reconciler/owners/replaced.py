"""A mesh in which some documents are as they were elsewhere."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from reconciler.owners.documents import Key, documents
from reconciler.spec.checks import check
from reconciler.spec.documents.base import Document
from reconciler.spec.mesh import Mesh
from reconciler.spec.today import today
from reconciler.spec.unchecked_mesh import UncheckedMesh


def replaced(mesh: Mesh, others: Mapping[Key, Document | None]) -> Mesh | None:
    """The mesh with other documents in place of its own (None: without it). None where they do not fit together."""
    folder = posixpath.dirname(mesh.settings.origin.file)
    found = {**documents(mesh), **others}
    placed = ((each.origin.file.removeprefix(f"{folder}/"), each) for each in found.values() if each is not None)
    unchecked = UncheckedMesh(tuple(sorted(placed, key=lambda entry: entry[0])), frozenset(), today())
    broken = any(finding.severity == "error" for finding in check(unchecked))
    return None if broken else unchecked.mesh
