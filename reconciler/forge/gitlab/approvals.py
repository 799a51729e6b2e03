"""Approvals: who approves which commit of a merge request.

https://docs.gitlab.com/api/merge_request_approvals/ · https://docs.gitlab.com/api/merge_requests/#list-diff-versions

Every tier has approvals; only Premium can demand them, and take them back when somebody pushes. GitLab does not say
which commit was approved, but when; and it says when each push became a version of the merge request. So an approval is
of the newest version that was there before it, whatever the project is set to.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from reconciler.forge.gitlab.client import Client
from reconciler.forge.gitlab.people import is_person
from reconciler.forge.protocol import PullRequest
from reconciler.model.moment import moment
from reconciler.owners.given import Approval


def approvals(client: Client, pull: PullRequest) -> Iterator[Approval]:
    """The approvals of people that stand. One of which GitLab does not say when (before 18.4) is of no commit."""
    given = client.get(f"/merge_requests/{pull.number}/approvals")["approved_by"]
    versions = _versions(client, pull.number) if given else []
    for each in given:
        user, at = each["user"], each.get("approved_at")
        if is_person(client, user):
            yield Approval(str(user["username"]), _seen(versions, at), str(at or ""))


def _versions(client: Client, number: int) -> list[tuple[datetime, str]]:
    """The last commit of each version and when it came, the oldest first."""
    rows = client.pages(f"/merge_requests/{number}/versions")
    return sorted((moment(row["created_at"]), str(row["head_commit_sha"])) for row in rows)


def _seen(versions: list[tuple[datetime, str]], at: str | None) -> str:
    """What somebody had before him; what came in the same moment he may not have seen."""
    if at is None:
        return ""
    then = moment(at)
    return next((head for came, head in reversed(versions) if came < then), "")
