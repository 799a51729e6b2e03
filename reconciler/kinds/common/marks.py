"""Marks: how what the mesh makes says whose it is, on everything that can carry a parameter, tag, text or path."""

from __future__ import annotations

from hashlib import blake2b

from reconciler.spec.mesh import Mesh

MARK = "meshform:mesh"
"""Parameter or tag with the name of the mesh that a resource belongs to."""
PERMISSIONS_DUE = "meshform:permissions"
"""Tag of a role whose permissions are still to be given again."""


def mark_text(mesh: Mesh) -> str:
    """The mark as a description, where a listing tells descriptions and no tags."""
    return f"{MARK}={mesh.name}"


def sid_mark(mesh: Mesh) -> str:
    """What the Sid of every statement of the mesh begins with, in policies in which other meshes may have theirs.

    A Sid is made of letters and digits, so the mesh's name stands in it as a hash of one length: no mesh's mark begins
    another's. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
    """
    return f"Meshform{name_hash(mesh.name)}"


def sid(mesh: Mesh, what: str, of: str = "") -> str:
    """The Sid of a statement of the mesh: what it does, and for which of several (`credit-1` is not `credit1`)."""
    words = "".join(word.capitalize() for word in of.replace("/", "-").split("-"))
    return f"{sid_mark(mesh)}{what}{words}{name_hash(of) if of else ''}"


def name_hash(name: str) -> str:
    """What tells a name from others that look like it where only letters and digits may stand."""
    return blake2b(name.encode(), digest_size=4).hexdigest()


def aws_tags(mesh: Mesh) -> dict[str, str]:
    """AWS resource tags of everything that the mesh makes and that can carry tags."""
    return {**mesh.settings.tags, MARK: mesh.name}


def role_path(mesh: Mesh) -> str:
    """IAM path of every role that the mesh makes."""
    return f"/meshform/{mesh.name}/"
