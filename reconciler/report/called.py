"""An owner in the text of an issue: a team of the forge is called by its name there, so that it is told."""

from __future__ import annotations

from reconciler.report.markdown import inline
from reconciler.spec.mesh import Mesh


def called(mesh: Mesh, owner: str) -> str:
    """An owner as Markdown that calls his team, where it has one at the forge."""
    team = mesh.teams.get(owner)
    return f"@{team.at_forge} ({inline(owner)})" if team and team.at_forge else inline(owner)
