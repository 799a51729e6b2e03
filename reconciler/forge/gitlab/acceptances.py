"""Acceptances: what people say in the notes of a merge request to accept what a gate has found.

https://docs.gitlab.com/api/notes/ · Maintainers may edit what others have written, so what was edited is not heard:
https://docs.gitlab.com/user/permissions/ · Of a reply GitLab makes a thread, and that counts as an edit of the note.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.forge.gitlab.client import Client
from reconciler.forge.gitlab.people import is_person
from reconciler.forge.protocol import PullRequest
from reconciler.owners.acceptance import Acceptance, said


def acceptances(client: Client, pull: PullRequest) -> Iterator[Acceptance]:
    """What people (no bots) have said where everybody reads it; not what was imported in somebody's name."""
    for row in client.pages(f"/merge_requests/{pull.number}/notes", sort="asc", order_by="created_at"):
        found = tuple(said(str(row.get("body") or "")))
        hidden = row.get("confidential") or row.get("internal") or row.get("imported")
        if not found or row["system"] or hidden or not is_person(client, row["author"]):
            continue
        url = f"{pull.url}#note_{row['id']}"
        edited = row["updated_at"] != row["created_at"]
        for each in found:
            who, at = str(row["author"]["username"]), str(row["created_at"])
            yield Acceptance(each.rule, each.digest, each.reason, who, at, url, edited)
