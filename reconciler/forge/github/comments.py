"""The sticky comment: one on each pull request for each marker, edited in place."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.forge.github.client import Client, Row
from reconciler.forge.protocol import Posted
from reconciler.forge.sticky import Comments

BOT = "github-actions[bot]"
"""Who writes with a workflow's own token."""
LIMIT = 65_536
"""What GitHub takes as the body of a comment, in characters."""


def upsert_comment(
    client: Client, number: int, marker: str, body: Callable[[str | None], str], author: str = BOT
) -> Posted:
    """Write the comment that begins with `marker` on a pull request: edit it, or make it where it is not there.

    `body` gets what the comment says now (None when there is none). Only comments of `author` are touched.
    """
    every = f"/issues/{number}/comments"

    def ours() -> list[Row]:
        return [row for row in client.pages(every) if _is_ours(row, marker, author)]

    row, is_new = Comments(client, every, "/issues/comments", "PATCH", ours).upsert(body)
    return Posted(str(row["html_url"]), created=is_new)


def _is_ours(row: Row, marker: str, author: str) -> bool:
    user = row.get("user") or {}
    return str(user.get("login")) == author and str(row.get("body") or "").startswith(marker)
