"""Given: what the forge says of a pull request that came into the main branch, and whose approval of it counts."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.owners.acceptance import Acceptance


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody's approval of a commit, and when it was given."""

    by: str
    commit: str
    at: str


@dataclass(frozen=True, slots=True)
class Given:
    """A merged pull request: its last commit, its author, who pushed to its branch (None: unknown), who approved what,
    who accepted what gates have found, and for whom its commits say that they were made.

    `as_approved` says that the main branch got what merging `head` makes, and nothing else.
    """

    number: int
    head: str
    author: str
    pushed_by: frozenset[str] | None
    as_approved: bool
    approvals: tuple[Approval, ...]
    acceptances: tuple[Acceptance, ...] = ()
    asked_by: frozenset[str] = frozenset()

    @property
    def problem(self) -> str | None:
        """Why no approval of it can count; None when they can."""
        if not self.as_approved:
            return "what was merged is not what its reviewers saw"
        if self.pushed_by is None:
            return "who pushed its last commit is not known"
        return None

    @property
    def counted(self) -> tuple[Approval, ...]:
        """The approvals of the very commit that was merged, by others than those who made it."""
        if self.problem is not None:
            return ()
        own = {each.lower() for each in (self.author, *(self.pushed_by or ()), *self.asked_by)}
        return tuple(each for each in self.approvals if each.commit == self.head and each.by.lower() not in own)

    def refused(self, logins: frozenset[str]) -> str | None:
        """Why what one of these people has said does not count; None when none of them has approved."""
        for each in self.approvals:
            by = each.by.lower()
            if by not in logins:
                continue
            if each.commit != self.head:
                return f"{each.by} approved an older commit"
            if by == self.author.lower():
                return f"{each.by} is its author"
            if by in {login.lower() for login in self.pushed_by or ()}:
                return f"{each.by} pushed to it"
            if by in {login.lower() for login in self.asked_by}:
                return f"{each.by} asked for it"
        return None
