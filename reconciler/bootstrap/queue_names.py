"""Names of the queue of management events, and of what lies beside it."""

from __future__ import annotations

from reconciler.spec.mesh import Mesh


def queue_name(mesh: Mesh) -> str:
    """The name of the queue, and of the bus before it."""
    return f"watch-{mesh.name}"


def dead_letters_name(mesh: Mesh) -> str:
    """The name of the queue of what nobody could read."""
    return f"{queue_name(mesh)}-dead"
