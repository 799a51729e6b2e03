"""Owner: whose something found in AWS is. One answer that scope, gates and reports read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reconciler.kinds.common.marks import MARK
from reconciler.spec.mesh import Mesh


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose something found is.

    ours        this mesh made it: where no document asks for it any more, it goes
    mesh        another mesh's, whose name is `mesh`
    unmarked    it could carry a mark and has none: somebody made it by other means
    unmarkable  nothing of its sort can carry a mark, and it is not ours by what it is on

    With a `note` it is shown to people and left alone, ours or not; the note says why.
    """

    sort: Literal["ours", "mesh", "unmarked", "unmarkable"]
    mesh: str = ""
    note: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether this mesh made it."""
        return self.sort == "ours"

    @property
    def is_somebodys(self) -> bool:
        """Whether to change it is to take it over."""
        return self.sort in ("mesh", "unmarked")

    @property
    def words(self) -> str:
        """Whose it is, as in `the bucket x exists and ...`."""
        return f"belongs to the mesh {self.mesh}" if self.mesh else "was not made by a mesh"


OURS = Owner("ours")
UNMARKED = Owner("unmarked")
UNMARKABLE = Owner("unmarkable")


def kept(note: str) -> Owner:
    """Ours, and yet it stays where no document asks for it."""
    return Owner("ours", note=note)


def unmarkable(note: str) -> Owner:
    """Not ours and without a mark to tell whose, and people should know of it."""
    return Owner("unmarkable", note=note)


def owner_by_mark(mark: str | None, mesh: Mesh, note: str = "") -> Owner:
    """Whose something is by the parameter or tag with a mesh's name; `note` where it is not ours."""
    if mark == mesh.name:
        return OURS
    return Owner("mesh", mark, note) if mark else Owner("unmarked", note=note)


def owner_by_text(text: str, mesh: Mesh) -> Owner:
    """Whose something is by the mark in its description."""
    name, _, value = text.partition("=")
    return owner_by_mark(value if name == MARK else None, mesh)
