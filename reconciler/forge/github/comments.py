"""The sticky comment: one on each pull request for each marker, edited in place."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.forge.errors import Lost, NotFound
from reconciler.forge.github.client import Client, Row
from reconciler.forge.protocol import Posted

BOT = "github-actions[bot]"
"""Who writes with a workflow's own token."""
LIMIT = 65_536
"""What GitHub takes as the body of a comment, in characters."""


def upsert_comment(
    client: Client, number: int, marker: str, body: Callable[[str | None], str], author: str = BOT
) -> Posted:
    """Write the comment that begins with `marker` on a pull request: edit it, or make it where it is not there.

    `body` gets what the comment says now (None when there is none). Only comments of `author` are touched: somebody
    else's that begins with the marker could be rewritten by its author afterwards. Further ones of ours are removed.
    """
    ours = _ours(client, number, marker, author)
    for first in ours[:1]:
        try:
            answer = client.send("PATCH", f"/issues/comments/{first['id']}", {"body": body(str(first["body"]))})
        except NotFound:
            break  # deleted since it was listed
        for row in ours[1:]:
            client.send("DELETE", f"/issues/comments/{row['id']}", {})
        return Posted(str(answer["html_url"]), created=False)
    try:
        answer = client.send("POST", f"/issues/{number}/comments", {"body": body(None)})
    except Lost:
        made = _ours(client, number, marker, author)
        if not made:
            raise
        answer = made[0]
    return Posted(str(answer["html_url"]), created=True)


def _ours(client: Client, number: int, marker: str, author: str) -> list[Row]:
    return [row for row in client.pages(f"/issues/{number}/comments") if _is_ours(row, marker, author)]


def _is_ours(row: Row, marker: str, author: str) -> bool:
    user = row.get("user") or {}
    return str(user.get("login")) == author and str(row.get("body") or "").startswith(marker)
