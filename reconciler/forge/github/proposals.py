"""Proposals: pull requests that are open, or were closed without being merged, with the files that they touch.

https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from reconciler.forge.github.client import Client, Row
from reconciler.forge.github.pulls import pull_of
from reconciler.forge.github.reviews import approvals
from reconciler.forge.protocol import Proposal, ProposedFile

_MOST = 60
"""So many are looked at, those that were touched last: two requests each, and one for the list."""
_FILES = 100


def proposals(client: Client, folder: str) -> tuple[Proposal, ...]:
    """Those that touch files of a folder, the last touched first."""
    rows = client.pages("/pulls", state="all", sort="updated", direction="desc")
    waiting = (row for row in islice(rows, _MOST) if row.get("merged_at") is None)
    found = (_proposal(client, row, folder.strip("/")) for row in waiting)
    return tuple(each for each in found if each.files)


def _proposal(client: Client, row: Row, folder: str) -> Proposal:
    pull = pull_of(row)
    files = tuple(_files(client, pull.number, folder))
    is_open = row["state"] == "open"
    approved = [each.by for each in approvals(client, pull) if each.commit == pull.head] if files and is_open else []
    return Proposal(
        pull.number,
        str(row["title"]),
        pull.url,
        pull.author,
        "open" if is_open else "closed",
        str(row["closed_at"] or row["updated_at"]),
        files,
        tuple(each for each in approved if each.lower() != pull.author.lower()),
    )


def _files(client: Client, number: int, folder: str) -> Iterator[ProposedFile]:
    start = f"{folder}/" if folder not in ("", ".") else ""
    for row in islice(client.pages(f"/pulls/{number}/files"), _FILES):
        name = str(row["filename"])
        if name.startswith(start):
            added = [line[1:] for line in str(row.get("patch") or "").splitlines() if line.startswith("+")]
            yield ProposedFile(name.removeprefix(start), str(row["status"]), "\n".join(added))
