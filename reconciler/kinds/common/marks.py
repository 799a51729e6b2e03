"""Marks: how what the mesh makes says whose it is, on everything that can carry a parameter, tag, text or path."""

from __future__ import annotations

from reconciler.spec.mesh import Mesh

MARK = "meshform:mesh"
"""Parameter or tag with the name of the mesh that a resource belongs to."""


def mark_text(mesh: Mesh) -> str:
    """The mark as a description, where a listing tells descriptions and no tags."""
    return f"{MARK}={mesh.name}"


def aws_tags(mesh: Mesh) -> dict[str, str]:
    """AWS resource tags of everything that the mesh makes and that can carry tags."""
    return {**mesh.settings.tags, MARK: mesh.name}


def role_path(mesh: Mesh) -> str:
    """IAM path of every role that the mesh makes."""
    return f"/meshform/{mesh.name}/"
