"""The sticky issue: at most one open for each marker; opened, updated, and closed when it is done with.

https://docs.gitlab.com/api/issues/
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.forge.client import Row
from reconciler.forge.errors import NotFound
from reconciler.forge.gitlab.client import Client
from reconciler.forge.gitlab.people import is_member, own_name
from reconciler.forge.gitlab.quick_actions import without_actions
from reconciler.forge.protocol import ForgeError, Issue, PostedIssue

FORM = "<!-- meshform: data request -->"
"""How the text of an issue begins that was made of the template."""


def upsert_issue(client: Client, marker: str, title: str, body: str, author: str | None) -> PostedIssue:
    """Open the issue whose text begins with `marker`, or bring the open one up to date."""
    content = {"title": title, "description": without_actions(body)}
    number = _open(client, marker, author)
    if number is None:
        return PostedIssue("opened", str(client.send("POST", "/issues", content)["web_url"]))
    return PostedIssue("updated", str(client.send("PUT", f"/issues/{number}", content)["web_url"]))


def close_issue(client: Client, marker: str, farewell: str, author: str | None) -> PostedIssue:
    """Close the issue, if one is open, with a last note."""
    number = _open(client, marker, author)
    if number is None:
        return PostedIssue("nothing")
    client.send("POST", f"/issues/{number}/notes", {"body": without_actions(farewell)})
    return PostedIssue("closed", str(client.send("PUT", f"/issues/{number}", {"state_event": "close"})["web_url"]))


def open_issues(client: Client, prefix: str, author: str | None) -> tuple[str, ...]:
    """The first lines of the open issues whose texts begin so, each once."""
    rows = _of(client, prefix, author)
    return tuple(dict.fromkeys(str(row["description"]).splitlines()[0] for row in rows))


def asked_for(client: Client, number: int) -> Issue:
    """An open issue that asks for data, by somebody who belongs to the project: as GitLab has it now, whatever the
    message said that set off this job. Raises ForgeError for any other."""
    try:
        row = client.get(f"/issues/{number}")
    except NotFound:
        row = {}
    if row.get("state") != "opened" or not str(row.get("description")).startswith(FORM):
        raise ForgeError(f"Issue {number} is none that asks for data: such a one is open, and made of the template.")
    if not is_member(client, row["author"]):
        raise ForgeError(f"Issue {number} is of somebody who does not belong to the project.")
    return Issue(number, str(row.get("description") or ""), str(row["author"]["username"]))


def _open(client: Client, marker: str, author: str | None) -> int | None:
    """The number of the open issue of ours."""
    return next((int(row["iid"]) for row in _of(client, marker, author)), None)


def _of(client: Client, prefix: str, author: str | None) -> Iterator[Row]:
    """Open issues of ours."""
    login = author or own_name(client)
    for row in client.pages("/issues", state="opened", author_username=login):
        if row["author"]["username"] == login and str(row.get("description") or "").startswith(prefix):
            yield row
