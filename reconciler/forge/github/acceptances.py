"""Acceptances: what people say in the comments of a pull request to accept what a gate has found.

https://docs.github.com/en/rest/issues/comments#list-issue-comments

Not in their reviews: whoever may write may edit what others have written, and of a review GitHub's REST API does not
say whether somebody has.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.forge.github.client import Client
from reconciler.forge.protocol import PullRequest
from reconciler.owners.acceptance import Acceptance, said


def acceptances(client: Client, pull: PullRequest) -> Iterator[Acceptance]:
    """What people (no bots, no programs in their name) have said; not what was hidden since."""
    for row in client.pages(f"/issues/{pull.number}/comments"):
        user = row.get("user") or {}
        if user.get("type") != "User" or row.get("performed_via_github_app") or row.get("minimized"):
            continue
        edited = row["updated_at"] != row["created_at"]
        for each in said(str(row.get("body") or "")):
            yield Acceptance(
                each.rule,
                each.digest,
                each.reason,
                str(user["login"]),
                str(row["created_at"]),
                str(row["html_url"]),
                edited,
            )
