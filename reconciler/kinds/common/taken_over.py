"""What a mesh says by name that it keeps from now on, whoever made it."""

from __future__ import annotations

from reconciler.model.address import Address
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh


def takes_over(mesh: Mesh, address: Address) -> bool:
    """Whether the mesh says by name that it keeps something from now on, whoever made it."""
    return any(address == address._replace(kind=kind, name=name) for kind, name in _taken_over(mesh))


@memo
def _taken_over(mesh: Mesh) -> tuple[tuple[str, str], ...]:
    return tuple((kind, name) for kind, names in mesh.territory.take_over.items() for name in names)
