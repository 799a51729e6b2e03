"""People: who a user of GitLab is, and who belongs to a group.

https://docs.gitlab.com/api/users/ · https://docs.gitlab.com/api/group_members/
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

from reconciler.forge.client import Row
from reconciler.forge.errors import Forbidden, NotFound
from reconciler.forge.gitlab.client import Client

_DEVELOPER = 30
"""Who has less may not approve: https://docs.gitlab.com/user/permissions/"""


def own_name(client: Client) -> str:
    """The user that the token belongs to: the bot of an access token, where it is one of a project or group."""
    return str(client.get("/user")["username"])


def is_person(client: Client, user: Row) -> bool:
    """Whether a user is a person who may act: tokens of projects and groups, and service accounts, are bots."""
    try:
        known = client.get(f"/users/{int(user['id'])}")
    except (Forbidden, NotFound):
        return False
    return known.get("bot") is False and known.get("state") == "active"


def is_member(client: Client, user: Row) -> bool:
    """Whether a user belongs to the project, or to a group above it."""
    try:
        return bool(client.get(f"/members/all/{int(user['id'])}").get("state") == "active")
    except (Forbidden, NotFound):
        return False


def members(client: Client, team: str) -> frozenset[str] | None:
    """Those who belong to a group itself, in lower case, and may approve; None where that may not be read.

    Not who belongs to a group above it: GitLab takes those for no code owners either.
    https://docs.gitlab.com/user/project/codeowners/reference/#group-eligibility
    """
    today = datetime.fromtimestamp(client.now(), UTC).date().isoformat()
    try:
        rows = client.pages(f"/groups/{quote(team, safe='')}/members")
        return frozenset(str(row["username"]).lower() for row in rows if _may_approve(row, today))
    except (Forbidden, NotFound):
        return None


def _may_approve(row: Row, today: str) -> bool:
    is_active = row.get("state") == "active" and row.get("membership_state") in (None, "active")
    return is_active and int(row["access_level"]) >= _DEVELOPER and str(row.get("expires_at") or "9999") > today
