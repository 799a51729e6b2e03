"""Proposals: merge requests that are open, or were closed without being merged, with the files that they touch.

https://docs.gitlab.com/api/merge_requests/#list-merge-request-diffs
"""

from __future__ import annotations

from itertools import islice

from reconciler.forge.client import Row
from reconciler.forge.gitlab.approvals import approvals
from reconciler.forge.gitlab.client import Client
from reconciler.forge.gitlab.merge_requests import pull_of
from reconciler.forge.proposals import FILES, MOST, added_by, approved_by, files_in
from reconciler.forge.protocol import Proposal, ProposedFile


def proposals(client: Client, folder: str) -> tuple[Proposal, ...]:
    """Those that touch files of a folder, the last touched first."""
    rows = client.pages("/merge_requests", state="all", order_by="updated_at", sort="desc")
    waiting = (row for row in islice(rows, MOST) if row["state"] != "merged")
    found = (_proposal(client, row, folder.strip("/")) for row in waiting)
    return tuple(each for each in found if each.files)


def _proposal(client: Client, row: Row, folder: str) -> Proposal:
    pull = pull_of(row)
    rows = islice(client.pages(f"/merge_requests/{pull.number}/diffs"), FILES)
    files = files_in(folder, map(_file, rows))
    is_open = row["state"] == "opened"
    return Proposal(
        pull.number,
        str(row["title"]),
        pull.url,
        pull.author,
        "open" if is_open else "closed",
        str(row.get("closed_at") or row["updated_at"]),
        files,
        approved_by(pull, approvals(client, pull)) if files and is_open else (),
    )


def _file(row: Row) -> ProposedFile:
    return ProposedFile(str(row["new_path"]), _status(row), added_by(row.get("diff")))


def _status(row: Row) -> str:
    ways = {"new_file": "added", "deleted_file": "removed", "renamed_file": "renamed"}
    return next((word for key, word in ways.items() if row.get(key)), "modified")
