"""The sticky note: one on each merge request for each marker, edited in place. https://docs.gitlab.com/api/notes/"""

from __future__ import annotations

from collections.abc import Callable

from reconciler.forge.client import Row
from reconciler.forge.errors import Lost, NotFound
from reconciler.forge.gitlab.client import Client
from reconciler.forge.gitlab.people import own_name
from reconciler.forge.gitlab.quick_actions import without_actions
from reconciler.forge.protocol import Posted


def upsert_note(
    client: Client, thing: str, url: str, marker: str, body: Callable[[str | None], str], author: str | None
) -> Posted:
    """Write the note that begins with `marker` below a thing (`/merge_requests/7`) whose page is `url`.

    `body` gets what the note says now (None when there is none). Only notes of `author` (None: of the token's own
    account) are touched: somebody else's that begins with the marker could be rewritten by him afterwards. Further ones
    of ours are removed.
    """
    login = author or own_name(client)
    ours = _ours(client, thing, marker, login)
    for first in ours[:1]:
        text = without_actions(body(str(first["body"])))
        try:
            client.send("PUT", f"{thing}/notes/{first['id']}", {"body": text})
        except NotFound:
            break  # deleted since it was listed
        for row in ours[1:]:
            client.send("DELETE", f"{thing}/notes/{row['id']}", {})
        return Posted(f"{url}#note_{first['id']}", created=False)
    try:
        made = client.send("POST", f"{thing}/notes", {"body": without_actions(body(None))})
    except Lost:
        found = _ours(client, thing, marker, login)
        if not found:
            raise
        made = found[0]
    return Posted(f"{url}#note_{made['id']}", created=True)


def _ours(client: Client, thing: str, marker: str, login: str) -> list[Row]:
    rows = client.pages(f"{thing}/notes", sort="asc", order_by="created_at")
    return [row for row in rows if _is_ours(row, marker, login)]


def _is_ours(row: Row, marker: str, login: str) -> bool:
    author = str((row.get("author") or {}).get("username"))
    return not row["system"] and author == login and str(row.get("body") or "").startswith(marker)
