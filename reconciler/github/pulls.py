"""Pull requests: which one a commit came by, and which one belongs to a branch."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.github.client import Client, Row


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request. `is_fork`: its branch is in another repository."""

    number: int
    head: str
    base: str
    is_fork: bool
    is_merged: bool
    url: str


def pull(client: Client, number: int) -> Pull:
    """The pull request of that number."""
    return _pull(client.get(f"/pulls/{number}"))


def pulls_of_commit(client: Client, commit: str) -> tuple[Pull, ...]:
    """The merged pull requests by which a commit came into its branch, by number."""
    found = (_pull(row) for row in client.pages(f"/commits/{commit}/pulls"))
    return tuple(sorted((each for each in found if each.is_merged), key=lambda each: each.number))


def open_pull(client: Client, branch: str, owner: str | None = None) -> Pull | None:
    """The open pull request from a branch of this repository, or of `owner`'s copy of it."""
    head = f"{owner or client.repository.partition('/')[0]}:{branch}"
    return next((_pull(row) for row in client.pages("/pulls", state="open", head=head)), None)


def _pull(row: Row) -> Pull:
    head, base = row["head"], row["base"]
    # `repo` is null when the fork was deleted.
    fork = head["repo"] is None or head["repo"]["id"] != base["repo"]["id"]
    merged = row.get("merged_at") is not None
    return Pull(int(row["number"]), str(head["sha"]), str(base["ref"]), fork, merged, str(row["html_url"]))
