"""The sticky issue: at most one open for each marker; opened, updated, and closed when it is done with."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.forge.github.client import Client, Row
from reconciler.forge.github.comments import BOT
from reconciler.forge.protocol import PostedIssue


def upsert_issue(client: Client, marker: str, title: str, body: str, author: str = BOT) -> PostedIssue:
    """Open the issue whose body begins with `marker`, or bring the open one up to date."""
    content = {"title": title, "body": body}
    number = _open(client, marker, author)
    if number is None:
        row = client.send("POST", "/issues", content)
        return PostedIssue("opened", str(row["html_url"]))
    row = client.send("PATCH", f"/issues/{number}", content)
    return PostedIssue("updated", str(row["html_url"]))


def close_issue(client: Client, marker: str, farewell: str, author: str = BOT) -> PostedIssue:
    """Close the issue, if one is open, with a last comment."""
    number = _open(client, marker, author)
    if number is None:
        return PostedIssue("nothing")
    client.send("POST", f"/issues/{number}/comments", {"body": farewell})
    row = client.send("PATCH", f"/issues/{number}", {"state": "closed", "state_reason": "completed"})
    return PostedIssue("closed", str(row["html_url"]))


def open_issues(client: Client, prefix: str, author: str = BOT) -> tuple[str, ...]:
    """The first lines of the open issues whose bodies begin so, each once."""
    return tuple(dict.fromkeys(str(row["body"]).splitlines()[0] for row in _of(client, prefix, author)))


def _open(client: Client, marker: str, author: str) -> int | None:
    """The number of the open issue of ours."""
    return next((int(row["number"]) for row in _of(client, marker, author)), None)


def _of(client: Client, prefix: str, author: str) -> Iterator[Row]:
    """Open issues of ours. Pull requests are issues too, for GitHub; not for us."""
    for row in client.pages("/issues", state="open"):
        login = (row.get("user") or {}).get("login")
        if "pull_request" not in row and login == author and str(row.get("body") or "").startswith(prefix):
            yield row
