"""Proposals: what is the same of every forge in how a change that somebody proposes is told."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.forge.protocol import ProposedFile, PullRequest
from reconciler.owners.given import Approval

MOST = 60
"""So many are looked at, those that were touched last: a few requests each, and one for the list."""
FILES = 100
"""So many of the files of each."""


def files_in(folder: str, files: Iterable[ProposedFile]) -> tuple[ProposedFile, ...]:
    """Those below a folder of the repository, with their paths there."""
    start = f"{folder}/" if folder not in ("", ".") else ""
    found = (each for each in files if each.path.startswith(start))
    return tuple(ProposedFile(each.path.removeprefix(start), each.status, each.added) for each in found)


def added_by(patch: object) -> str:
    """The lines that a patch adds, as a forge shows it (None: it shows none)."""
    return "\n".join(line[1:] for line in str(patch or "").splitlines() if line.startswith("+"))


def approved_by(pull: PullRequest, approvals: Iterable[Approval]) -> tuple[str, ...]:
    """Who approves its last commit, besides its author."""
    others = (each for each in approvals if each.by.lower() != pull.author.lower())
    return tuple(each.by for each in others if each.commit == pull.head)
