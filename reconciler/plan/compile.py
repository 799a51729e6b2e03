"""Compile a mesh into the resources that it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, pairwise
from operator import attrgetter

from reconciler.errors import InvalidMesh
from reconciler.kinds import AnyKind
from reconciler.model.resource import AnyResource, Snapshot
from reconciler.spec.memo import remembered
from reconciler.spec.mesh import Mesh

NOTHING = Snapshot()
"""No other mesh to share with."""


def compile_mesh(mesh: Mesh, kinds: Mapping[str, AnyKind], like: Snapshot = NOTHING) -> Snapshot:
    """Everything that `mesh` asks for, of every kind, in the order of addresses; worked out once for each mesh.

    What is asked for in `like` already is shared with it: a base is nearly all as its head.
    Raises InvalidMesh where two lines ask for one resource.
    """
    return remembered(mesh, (compile_mesh, *kinds.values()), lambda: _compiled(mesh, kinds, like))


def _compiled(mesh: Mesh, kinds: Mapping[str, AnyKind], like: Snapshot) -> Snapshot:
    # What is shared with another mesh would be kept twice if its kinds remembered it.
    asked = (kind.desired(mesh) if like else kind.every(mesh) for kind in kinds.values())
    resources = [_shared(resource, like) for resource in chain.from_iterable(asked)]
    resources.sort(key=attrgetter("address"))
    for one, other in pairwise(resources):
        if one.address == other.address:
            raise InvalidMesh(
                f"{other.origin}: {one.address.kind} {one.address.name} in {one.address.placement} is asked for "
                f"already in {one.origin}. Give one of them another name."
            )
    return Snapshot(resources)


def _shared(resource: AnyResource, like: Snapshot) -> AnyResource:
    known = like.get(resource.address)
    return known if known is not None and known.spec == resource.spec else resource
