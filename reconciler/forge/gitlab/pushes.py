"""Pushes: who pushed what to a branch, as GitLab itself has seen it. https://docs.gitlab.com/api/events/"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from reconciler.forge.client import Row
from reconciler.forge.errors import Forbidden, NotFound
from reconciler.forge.gitlab.client import Client
from reconciler.forge.protocol import PullRequest

_FARTHEST = 3000
"""Pushes to the whole project that are looked through: GitLab lists those of all branches together."""


def pushed_by(client: Client, pull: PullRequest, commits: frozenset[str]) -> frozenset[str] | None:
    """Who pushed any of these commits to the branch: commits can name anybody.

    None where GitLab has not seen the last push, or what came before it back to where the branch was made: many
    branches that are pushed at once come without their commits. And None where it will not tell.
    """
    found = set[str]()
    seen = False
    try:
        for row in _of_branch(client, pull.branch):
            push = row["push_data"]
            if push["commit_to"] in commits:
                found.add(str(row["author_username"]))
                seen = seen or push["commit_to"] == pull.head
            if seen and push["action"] == "created":
                return frozenset(found) if not pull.is_fork else None
    except (Forbidden, NotFound):
        pass
    return None


def _of_branch(client: Client, branch: str) -> Iterator[Row]:
    """The pushes to a branch, the last one first."""
    for row in islice(client.pages("/events", action="pushed"), _FARTHEST):
        push = row.get("push_data") or {}
        if push.get("ref_type") == "branch" and push.get("ref") == branch and row.get("author_username"):
            yield row
