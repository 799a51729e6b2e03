"""A repository at GitHub, as the protocol of forges has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler.forge.github import (
    acceptances,
    artifacts,
    branches,
    comments,
    fetching,
    issues,
    proposals,
    pulls,
    reviews,
    runs,
    statuses,
    teams,
)
from reconciler.forge.github.client import Client, Row
from reconciler.forge.github.comments import BOT
from reconciler.forge.protocol import (
    ForgeError,
    Issue,
    NewProposal,
    Posted,
    PostedIssue,
    Proposal,
    PullRequest,
    State,
)
from reconciler.forge.understanding import understood
from reconciler.owners.acceptance import Acceptance
from reconciler.owners.given import Approval


@understood
@dataclass(frozen=True, slots=True)
class Repository:
    """The verbs of the protocol over one client. `event` is what set off the workflow, `workflow` its file."""

    client: Client
    event: Row = field(default_factory=dict, repr=False)
    workflow: str = "apply.yml"

    @property
    def organization(self) -> str:
        """See Forge."""
        return self.client.repository.partition("/")[0]

    def upsert_comment(self, number: int, marker: str, body: Callable[[str | None], str], author: str | None) -> Posted:
        """See Forge."""
        return comments.upsert_comment(self.client, number, marker, body, author or BOT)

    def answer_issue(self, issue: Issue, marker: str, body: Callable[[str | None], str], author: str | None) -> Posted:
        """See Forge. An issue has the numbers, and the comments, of a pull request."""
        return self.upsert_comment(issue.number, marker, body, author)

    def upsert_issue(self, marker: str, title: str, body: str, author: str | None) -> PostedIssue:
        """See Forge."""
        return issues.upsert_issue(self.client, marker, title, body, author or BOT)

    def close_issue(self, marker: str, farewell: str, author: str | None) -> PostedIssue:
        """See Forge."""
        return issues.close_issue(self.client, marker, farewell, author or BOT)

    def open_issues(self, prefix: str, author: str | None) -> tuple[str, ...]:
        """See Forge."""
        return issues.open_issues(self.client, prefix, author or BOT)

    def post_status(self, commit: str, context: str, state: State, description: str, target: str | None) -> None:
        """See Forge."""
        statuses.post_status(self.client, commit, context, state, description, target)

    def applied(self, commits: Sequence[str], branch: str) -> tuple[str, ...]:
        """See Forge."""
        return runs.applied(self.client, self.workflow, commits, branch)

    def approvals(self, pull: PullRequest) -> tuple[Approval, ...]:
        """See Forge."""
        return reviews.approvals(self.client, pull)

    def acceptances(self, pull: PullRequest) -> tuple[Acceptance, ...]:
        """See Forge."""
        return tuple(acceptances.acceptances(self.client, pull))

    def pushed_by(self, pull: PullRequest, commits: frozenset[str]) -> frozenset[str] | None:
        """See Forge."""
        return reviews.pushed_by(self.client, pull, commits)

    def members(self, team: str) -> frozenset[str] | None:
        """See Forge."""
        return teams.members(self.client, team)

    def fetch(self, folder: Path, pull: PullRequest) -> None:
        """See Forge."""
        fetching.fetch(folder, pull)

    def reviewed_plan(self, pull: PullRequest) -> dict[str, Any] | None:
        """See Forge."""
        return artifacts.reviewed_plan(self.client, pull)

    def pull_request(self, number: int | None) -> PullRequest:
        """See Forge."""
        known = number or (self.event.get("pull_request") or {}).get("number")
        if known is not None:
            return pulls.pull(self.client, int(known))
        run = self.event.get("workflow_run") or {}
        owner = ((run.get("head_repository") or {}).get("owner") or {}).get("login")
        found = pulls.open_pull(self.client, str(run.get("head_branch")), str(owner)) if owner else None
        if found is None:
            raise ForgeError("Which pull request is it? Give it with --pull-request NUMBER.")
        return found

    def issue(self) -> Issue:
        """See Forge."""
        row = self.event.get("issue") or {}
        if not row or "pull_request" in row:
            raise ForgeError("No issue has set off this job.")
        login = str((row.get("user") or {}).get("login") or "")
        sender = str((self.event.get("sender") or {}).get("login") or "")
        return Issue(int(row["number"]), str(row.get("body") or ""), login, sender)

    def proposals(self, folder: str) -> tuple[Proposal, ...]:
        """See Forge."""
        return proposals.proposals(self.client, folder)

    def merged_by(self, commit: str) -> tuple[PullRequest, ...]:
        """See Forge."""
        return pulls.pulls_of_commit(self.client, commit)

    def merge_commit(self, folder: Path, pull: PullRequest) -> str:
        """See Forge."""
        return fetching.merge_commit(folder, pull)

    def propose(self, proposal: NewProposal) -> tuple[str, bool]:
        """See Forge."""
        return branches.propose(self.client, proposal)
