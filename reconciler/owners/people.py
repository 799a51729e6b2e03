"""People: who stands behind an owner, at the forge."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from reconciler.spec.mesh import Mesh

Members = Callable[[str], frozenset[str] | None]
"""The members of a team (organization/team) by their logins in lower case; None where that cannot be known."""


@dataclass(frozen=True, slots=True)
class People:
    """Those who may speak for an owner: the members of a team of the forge, or those whom a document names.

    `why_unknown` says what to do where nobody can be known.
    """

    owner: str
    team: str | None = None
    logins: frozenset[str] = frozenset()
    why_unknown: str = ""

    def known(self, members: Members) -> frozenset[str] | None:
        """Their logins in lower case; None where nobody knows them."""
        found = members(self.team) if self.team else None
        return found if found is not None else self.logins or None


def people(mesh: Mesh, owner: str, organization: str) -> People:
    """Whom an owner stands for, by the Team documents of the mesh. A name without one is a team of `organization`."""
    team = mesh.teams.get(owner)
    if team is not None:
        why = f"write its `members` into {team.origin}, or give `meshform reviewed` a token that may read teams"
        return People(owner, team.at_forge, frozenset(each.lower() for each in team.members), why)
    if re.fullmatch(r"@[A-Za-z0-9_.-]+", owner):
        return People(owner, logins=frozenset({owner[1:].lower()}))
    if re.fullmatch(r"@?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+", owner):
        return People(owner, owner.removeprefix("@"), why_unknown=_WRITE)
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", owner):
        return People(owner, f"{organization}/{owner}", why_unknown=_WRITE)
    return People(owner, why_unknown=_WRITE)


_WRITE = "write a document `kind: Team` of that name with its members"
