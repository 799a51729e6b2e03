"""Job: what a run knows of what set it off: who, at which commit of which branch, and where people find it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """What set off a run; every field is None where nobody knows. `files` is the address of the files, without the
    commit. `uncommitted` are documents that are not as they were at the commit.
    """

    actor: str | None = None
    commit: str | None = None
    run: str | None = None
    url: str | None = None
    files: str | None = None
    branch: str | None = None
    uncommitted: tuple[str, ...] = ()

    def files_url(self, commit: str) -> str | None:
        """Where people find the files of a commit."""
        return f"{self.files}/{commit}" if self.files else None


LAPTOP = Job()
"""Nobody but a person: no forge runs this."""
