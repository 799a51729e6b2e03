"""Protocol: what Meshform asks of a forge, and in which words it answers. Commands know nothing else of it.

A forge may be slow and may refuse: every verb raises ForgeError with a sentence that says what to do. It must send each
change at most once, must not print its token, and must touch comments, issues and branches of its own account only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from reconciler.errors import MeshformError
from reconciler.owners.acceptance import Acceptance
from reconciler.owners.given import Approval

ForgeName = Literal["github", "gitlab"]
State = Literal["success", "failure", "error", "pending"]


class ForgeError(MeshformError):
    """The forge refused a request, or could not be reached."""


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A proposed change. `head` is its last commit, `base` the branch that it leads to; `is_fork`: it comes from
    another repository."""

    number: int
    head: str
    base: str
    is_fork: bool
    is_merged: bool
    url: str
    author: str
    branch: str


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue, who has opened it, and who has written what it says now where that is known to be somebody else. Its
    words may come from anybody."""

    number: int
    body: str
    author: str
    edited_by: str = ""

    @property
    def asked_by(self) -> tuple[str, ...]:
        """Whoever asks by it."""
        return tuple(dict.fromkeys(each for each in (self.author, self.edited_by) if each))


@dataclass(frozen=True, slots=True)
class ProposedFile:
    """A file that a proposed change touches: added, modified, removed or renamed, with the lines that it adds."""

    path: str
    status: str
    added: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed change that is not merged. `at`: when it was touched last, or closed. `approved_by`: who approves its
    last commit, besides its author. Everything in it may come from anybody."""

    number: int
    title: str
    url: str
    author: str
    state: Literal["open", "closed"]
    at: str
    files: tuple[ProposedFile, ...]
    approved_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewProposal:
    """What is to be proposed: new contents of files (None: they go) on `branch`, which leads to `base`. `asked_by`: for
    whom a program does it."""

    base: str
    branch: str
    files: Mapping[str, str | None]
    title: str
    body: str
    asked_by: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Posted:
    """A comment as it is now, and whether it was made anew."""

    url: str
    created: bool


@dataclass(frozen=True, slots=True)
class PostedIssue:
    """What was done with an issue, and where it is."""

    action: Literal["opened", "updated", "closed", "nothing"]
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Oidc:
    """How cloud roles know a job of the forge: the issuer of its tokens, their audience, and the subjects, in which `*`
    stands for anything where they are `patterns`."""

    issuer: str
    audience: str
    subjects: tuple[str, ...]
    patterns: bool = False


class Forge(Protocol):
    """One repository of a forge."""

    @property
    def organization(self) -> str:
        """Whose teams own things here, unless they say otherwise."""

    def upsert_comment(self, number: int, marker: str, body: Callable[[str | None], str], author: str | None) -> Posted:
        """Write the comment that begins with `marker` on a pull request: edit it, or make it where it is not there. It
        is that of `author` (None: of whom the token of a job belongs to).

        `body` gets what the comment says now (None when there is none).
        """

    def answer_issue(self, issue: Issue, marker: str, body: Callable[[str | None], str], author: str | None) -> Posted:
        """The same below an issue."""

    def upsert_issue(self, marker: str, title: str, body: str, author: str | None) -> PostedIssue:
        """Open the issue of `author` whose body begins with `marker`, or bring the open one up to date."""

    def close_issue(self, marker: str, farewell: str, author: str | None) -> PostedIssue:
        """Close that issue, if it is open, with a last comment."""

    def open_issues(self, prefix: str, author: str | None) -> tuple[str, ...]:
        """The markers (first lines) of the open issues of `author` that begin so, each once."""

    def post_status(self, commit: str, context: str, state: State, description: str, target: str | None) -> None:
        """Set the status of a commit in a context. `target` is where it leads."""

    def applied(self, commits: Sequence[str], branch: str) -> tuple[str, ...]:
        """Those of these commits of the branch on which this workflow has run to its end with success, in their order.

        Nobody may be able to forge it who could not change the branch: a status will not do.
        """

    def approvals(self, pull: PullRequest) -> tuple[Approval, ...]:
        """Whoever approves a pull request now, each with the commit that he has seen. What was dismissed, or taken back
        by a later review, is none."""

    def acceptances(self, pull: PullRequest) -> tuple[Acceptance, ...]:
        """What people have said on its page to accept what gates have found. It must be known who wrote each, and
        whether somebody has edited it since; programs are not heard."""

    def pushed_by(self, pull: PullRequest, commits: frozenset[str]) -> frozenset[str] | None:
        """Who pushed any of these commits to its branch; None where the last push is not known."""

    def members(self, team: str) -> frozenset[str] | None:
        """The members of a team (organization/team), in lower case; None where that may not be read."""

    def fetch(self, folder: Path, pull: PullRequest) -> None:
        """Bring the last commit of a pull request into the repository around `folder`."""

    def reviewed_plan(self, pull: PullRequest) -> dict[str, Any] | None:
        """The newest plan that was made for the head of a merged pull request; None when there is none."""

    def pull_request(self, number: int | None) -> PullRequest:
        """The pull request of that number, or the one of the event that set off this job."""

    def issue(self) -> Issue:
        """The issue of the event that set off this job. Raises ForgeError where there is none."""

    def proposals(self, folder: str) -> tuple[Proposal, ...]:
        """Proposed changes of files in a folder of the repository, open or closed without a merge, the last ones."""

    def merged_by(self, commit: str) -> tuple[PullRequest, ...]:
        """The merged pull requests by which a commit came into its branch, by number."""

    def merge_commit(self, folder: Path, pull: PullRequest) -> str:
        """The commit that merging would make, fetched into the repository around `folder`; its first parent is the
        base. Raises MeshformError where there is none."""

    def propose(self, proposal: NewProposal) -> tuple[str, bool]:
        """Open, or bring up to date, a pull request from a branch of our own; its address, and whether it is new.
        The commit names those for whom it was made: their approval does not count."""
