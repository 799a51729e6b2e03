"""Teams of an organization: https://docs.github.com/en/rest/teams/members

The token of a workflow may not read them; that of a GitHub App with "Members: read" may.
"""

from __future__ import annotations

from reconciler.forge.errors import Forbidden, NotFound
from reconciler.forge.github.client import Client


def members(client: Client, team: str) -> frozenset[str] | None:
    """The members of organization/team and of the teams in it, in lower case; None where that may not be read."""
    organization, _, slug = team.partition("/")
    try:
        rows = client.pages(f"/orgs/{organization}/teams/{slug}/members")
        return frozenset(str(row["login"]).lower() for row in rows)
    except (Forbidden, NotFound):
        return None
