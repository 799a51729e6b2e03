"""The sticky note: one on each merge request for each marker, edited in place. https://docs.gitlab.com/api/notes/"""

from __future__ import annotations

from collections.abc import Callable

from reconciler.forge.client import Row
from reconciler.forge.gitlab.client import Client
from reconciler.forge.gitlab.people import own_name
from reconciler.forge.gitlab.quick_actions import without_actions
from reconciler.forge.protocol import Posted
from reconciler.forge.sticky import Comments


def upsert_note(
    client: Client, thing: str, url: str, marker: str, body: Callable[[str | None], str], author: str | None
) -> Posted:
    """Write the note that begins with `marker` below a thing (`/merge_requests/7`) whose page is `url`.

    `body` gets what the note says now (None when there is none). Only notes of `author` (None: of the token's own
    account) are touched.
    """
    login = author or own_name(client)
    every = f"{thing}/notes"

    def ours() -> list[Row]:
        rows = client.pages(every, sort="asc", order_by="created_at")
        return [row for row in rows if _is_ours(row, marker, login)]

    row, is_new = Comments(client, every, every, "PUT", ours).upsert(lambda now: without_actions(body(now)))
    return Posted(f"{url}#note_{row['id']}", created=is_new)


def _is_ours(row: Row, marker: str, login: str) -> bool:
    author = str((row.get("author") or {}).get("username"))
    return not row["system"] and author == login and str(row.get("body") or "").startswith(marker)
