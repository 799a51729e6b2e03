"""Compile a mesh into the resources that it asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain, pairwise
from operator import attrgetter

from reconciler.errors import InvalidMesh
from reconciler.kinds import AnyKind
from reconciler.model.address import Placement
from reconciler.model.resource import AnyResource, Snapshot
from reconciler.spec.memo import remembered
from reconciler.spec.mesh import Mesh
from reconciler.spec.pieces import share


def compile_mesh(mesh: Mesh, kinds: Mapping[str, AnyKind], like: Mesh | None = None) -> Snapshot:
    """Everything that `mesh` asks for, of every kind, in the order of addresses; worked out once for each mesh.

    What another mesh asks for already is shared with it: a base is nearly all as its head.
    Raises InvalidMesh where two lines ask for one resource.
    """
    return remembered(mesh, (compile_mesh, *kinds.values()), lambda: _compiled(mesh, kinds, like))


def _compiled(mesh: Mesh, kinds: Mapping[str, AnyKind], like: Mesh | None) -> Snapshot:
    known = Snapshot()
    if like is not None:
        share(mesh, like)
        known = compile_mesh(like, kinds)
    # What is shared with another mesh would be kept twice if its kinds remembered it.
    asked = (kind.every(mesh) if like is None else kind.desired(mesh) for kind in kinds.values())
    every = chain.from_iterable(asked)
    resources = in_order(_shared(each, known) for each in every) if known else in_order(every)
    for one, other in pairwise(resources):
        if one.address == other.address:
            raise InvalidMesh(
                f"{other.origin}: {one.address.kind} {one.address.name} in {one.address.placement} is asked for "
                f"already in {one.origin}. Give one of them another name."
            )
    return Snapshot(resources)


def in_order(resources: Iterable[AnyResource]) -> list[AnyResource]:
    """In the order of addresses: place by place, since names alone are compared ten times as fast."""
    places: dict[tuple[str, Placement], list[AnyResource]] = {}
    for resource in resources:
        places.setdefault(resource.address[:2], []).append(resource)
    return [each for _, place in sorted(places.items()) for each in sorted(place, key=attrgetter("address.name"))]


def _shared(resource: AnyResource, others: Snapshot) -> AnyResource:
    other = others.get(resource.address)
    # The very same one is nearly all of them: to compare its spec with itself takes longer than to find it.
    if other is None or other is resource:
        return resource
    return other if other.spec == resource.spec else resource
