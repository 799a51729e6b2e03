"""Handles: how owners of the mesh are called at GitHub or GitLab."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reconciler.errors import MeshformError
from reconciler.owners.approval import governance
from reconciler.spec.mesh import Mesh

_HANDLE = re.compile(r"@[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_.-]+)*|[^@\s#]+@[^@\s#]+\.[^@\s#]+")
_PART = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Handles:
    """A name without a Team document is a team of `organization`, at GitLab a group in it. `governance` stands for
    whoever the sensitivity key belongs to, when it is given."""

    organization: str
    governance: str | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(rf"{_PART}(/{_PART})*", self.organization, re.ASCII):
            raise MeshformError(
                f"{self.organization!r} is no organization: those are of letters, digits and hyphens, with slashes "
                "between the groups of GitLab."
            )
        if self.governance is not None and not (_HANDLE.fullmatch(self.governance) or _NAME.fullmatch(self.governance)):
            raise MeshformError(f"{self.governance!r} is no team: write its name, @user or @organization/team.")

    def of(self, mesh: Mesh, owner: str) -> tuple[str, ...]:
        """`@organization/team`, `@user`s or an e-mail address. Raises MeshformError for what is none of them."""
        team = mesh.teams.get(owner)
        if team is not None:
            return (f"@{team.at_forge}",) if team.at_forge else tuple(f"@{login}" for login in team.members)
        if _HANDLE.fullmatch(owner):
            return (owner,)
        if _NAME.fullmatch(owner):
            return (f"@{self.organization}/{owner}",)
        raise MeshformError(
            f"The owner {owner!r} is nobody at the forge. Write a document `kind: Team` of that name, a team's name "
            "(consumer-banking-stewards), @user, @organization/team or an e-mail address."
        )

    def ruler(self, mesh: Mesh) -> tuple[str, ...]:
        """Whom GitHub asks for governance."""
        return self.of(mesh, self.governance or governance(mesh))
