"""Proposals: pull requests that are open, or were closed without being merged, with the files that they touch.

https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files
"""

from __future__ import annotations

from itertools import islice

from reconciler.forge.github.client import Client, Row
from reconciler.forge.github.pulls import pull_of
from reconciler.forge.github.reviews import approvals
from reconciler.forge.proposals import FILES, MOST, added_by, approved_by, files_in
from reconciler.forge.protocol import Proposal, ProposedFile


def proposals(client: Client, folder: str) -> tuple[Proposal, ...]:
    """Those that touch files of a folder, the last touched first."""
    rows = client.pages("/pulls", state="all", sort="updated", direction="desc")
    waiting = (row for row in islice(rows, MOST) if row.get("merged_at") is None)
    found = (_proposal(client, row, folder.strip("/")) for row in waiting)
    return tuple(each for each in found if each.files)


def _proposal(client: Client, row: Row, folder: str) -> Proposal:
    pull = pull_of(row)
    rows = islice(client.pages(f"/pulls/{pull.number}/files"), FILES)
    files = files_in(folder, map(_file, rows))
    is_open = row["state"] == "open"
    return Proposal(
        pull.number,
        str(row["title"]),
        pull.url,
        pull.author,
        "open" if is_open else "closed",
        str(row["closed_at"] or row["updated_at"]),
        files,
        approved_by(pull, approvals(client, pull)) if files and is_open else (),
    )


def _file(row: Row) -> ProposedFile:
    return ProposedFile(str(row["filename"]), str(row["status"]), added_by(row.get("patch")))
