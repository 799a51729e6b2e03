"""Pull requests: which one a commit came by, and which one belongs to a branch."""

from __future__ import annotations

from reconciler.forge.github.client import Client, Row
from reconciler.forge.protocol import PullRequest


def pull(client: Client, number: int) -> PullRequest:
    """The pull request of that number."""
    return pull_of(client.get(f"/pulls/{number}"))


def pulls_of_commit(client: Client, commit: str) -> tuple[PullRequest, ...]:
    """The merged pull requests by which a commit came into its branch, by number."""
    found = (pull_of(row) for row in client.pages(f"/commits/{commit}/pulls"))
    return tuple(sorted((each for each in found if each.is_merged), key=lambda each: each.number))


def open_pull(client: Client, branch: str, owner: str | None = None) -> PullRequest | None:
    """The open pull request from a branch of this repository, or of `owner`'s copy of it."""
    head = f"{owner or client.repository.partition('/')[0]}:{branch}"
    return next((pull_of(row) for row in client.pages("/pulls", state="open", head=head)), None)


def pull_of(row: Row) -> PullRequest:
    """A pull request of a row that GitHub lists."""
    head, base = row["head"], row["base"]
    # `repo` is null when the fork was deleted.
    fork = head["repo"] is None or head["repo"]["id"] != base["repo"]["id"]
    merged = row.get("merged_at") is not None
    author = str((row.get("user") or {}).get("login") or "")
    number, url = int(row["number"]), str(row["html_url"])
    return PullRequest(number, str(head["sha"]), str(base["ref"]), fork, merged, url, author, str(head["ref"]))
