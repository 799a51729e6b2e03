"""Reviews: who approves which commit of a pull request, and who pushed to it.

https://docs.github.com/en/rest/pulls/reviews · https://docs.github.com/en/rest/repos/repos#list-repository-activities
"""

from __future__ import annotations

from itertools import islice

from reconciler.forge.errors import Forbidden, NotFound
from reconciler.forge.github.client import Client, Row
from reconciler.forge.protocol import PullRequest
from reconciler.owners.given import Approval

_DECIDES = ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")
"""A comment changes nothing about what its author has said before."""
_FARTHEST = 300


def approvals(client: Client, pull: PullRequest) -> tuple[Approval, ...]:
    """The last word of everybody, where it is an approval. Reviews come in the order in which they were given."""
    last: dict[str, Row] = {}
    for row in client.pages(f"/pulls/{pull.number}/reviews"):
        login = (row.get("user") or {}).get("login")
        if login and row["state"] in _DECIDES:
            last[str(login)] = row
    return tuple(
        Approval(login, str(row["commit_id"]), str(row["submitted_at"]))
        for login, row in sorted(last.items())
        if row["state"] == "APPROVED"
    )


def pushed_by(client: Client, pull: PullRequest, commits: frozenset[str]) -> frozenset[str] | None:
    """Who pushed any of these commits to the branch, by what GitHub itself has seen: commits can name anybody.

    None where it has not seen the last push, or will not tell.
    """
    found, seen = set[str](), False
    try:
        for row in islice(client.pages("/activity", ref=f"refs/heads/{pull.branch}"), _FARTHEST):
            login = (row.get("actor") or {}).get("login")
            if row["after"] in commits and login:
                found.add(str(login))
                seen = seen or row["after"] == pull.head
    except (Forbidden, NotFound):
        return None
    return frozenset(found) if seen and not pull.is_fork else None
