"""Proposals: merge requests that are open, or were closed without being merged, with the files that they touch.

https://docs.gitlab.com/api/merge_requests/#list-merge-request-diffs
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from reconciler.forge.client import Row
from reconciler.forge.gitlab.approvals import approvals
from reconciler.forge.gitlab.client import Client
from reconciler.forge.gitlab.merge_requests import pull_of
from reconciler.forge.protocol import Proposal, ProposedFile

_MOST = 60
"""So many are looked at, those that were touched last: a few requests each, and one for the list."""
_FILES = 100


def proposals(client: Client, folder: str) -> tuple[Proposal, ...]:
    """Those that touch files of a folder, the last touched first."""
    rows = client.pages("/merge_requests", state="all", order_by="updated_at", sort="desc")
    waiting = (row for row in islice(rows, _MOST) if row["state"] != "merged")
    found = (_proposal(client, row, folder.strip("/")) for row in waiting)
    return tuple(each for each in found if each.files)


def _proposal(client: Client, row: Row, folder: str) -> Proposal:
    pull = pull_of(row)
    files = tuple(_files(client, pull.number, folder))
    is_open = row["state"] == "opened"
    approved = [each.by for each in approvals(client, pull) if each.commit == pull.head] if files and is_open else []
    return Proposal(
        pull.number,
        str(row["title"]),
        pull.url,
        pull.author,
        "open" if is_open else "closed",
        str(row.get("closed_at") or row["updated_at"]),
        files,
        tuple(each for each in approved if each.lower() != pull.author.lower()),
    )


def _files(client: Client, number: int, folder: str) -> Iterator[ProposedFile]:
    start = f"{folder}/" if folder not in ("", ".") else ""
    for row in islice(client.pages(f"/merge_requests/{number}/diffs"), _FILES):
        name = str(row["new_path"])
        if name.startswith(start):
            added = [line[1:] for line in str(row.get("diff") or "").splitlines() if line.startswith("+")]
            yield ProposedFile(name.removeprefix(start), _status(row), "\n".join(added))


def _status(row: Row) -> str:
    ways = {"new_file": "added", "deleted_file": "removed", "renamed_file": "renamed"}
    return next((word for key, word in ways.items() if row.get(key)), "modified")
