"""Merge requests: which one a commit came by, and which one belongs to a branch.

https://docs.gitlab.com/api/merge_requests/ · https://docs.gitlab.com/api/commits/
"""

from __future__ import annotations

from reconciler.forge.client import Row
from reconciler.forge.gitlab.client import Client
from reconciler.forge.protocol import PullRequest


def merge_request(client: Client, number: int) -> PullRequest:
    """The merge request of that number."""
    return pull_of(client.get(f"/merge_requests/{number}"))


def merged_by(client: Client, commit: str) -> tuple[PullRequest, ...]:
    """The merged merge requests by which a commit came into its branch, by number."""
    found = (pull_of(row) for row in client.pages(f"/repository/commits/{commit}/merge_requests"))
    return tuple(sorted((each for each in found if each.is_merged), key=lambda each: each.number))


def open_merge_request(client: Client, branch: str) -> PullRequest | None:
    """The open merge request from a branch of this project."""
    rows = client.pages("/merge_requests", state="opened", source_branch=branch)
    return next((each for each in map(pull_of, rows) if not each.is_fork), None)


def pull_of(row: Row) -> PullRequest:
    """A merge request of a row that GitLab lists."""
    # `source_project_id` is null when the fork was deleted.
    return PullRequest(
        number=int(row["iid"]),
        head=str(row["sha"] or ""),
        base=str(row["target_branch"]),
        is_fork=row["source_project_id"] != row["target_project_id"],
        is_merged=row["state"] == "merged",
        url=str(row["web_url"]),
        author=str((row.get("author") or {}).get("username") or ""),
        branch=str(row["source_branch"]),
    )
