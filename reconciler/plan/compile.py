"""Compile a mesh into the resources that it asks for."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.kinds import AnyKind
from reconciler.model.resource import Snapshot
from reconciler.spec.mesh import Mesh


def compile_mesh(mesh: Mesh, kinds: Mapping[str, AnyKind]) -> Snapshot:
    """Everything that `mesh` asks for, of every kind; the same for the same mesh, in the same order."""
    resources = [resource for kind in kinds.values() for resource in kind.desired(mesh)]
    resources.sort(key=lambda resource: resource.address)
    return Snapshot(resources)
