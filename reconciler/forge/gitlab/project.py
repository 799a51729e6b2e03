"""A project at GitLab, as the protocol of forges has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.forge import fetching
from reconciler.forge.errors import Invalid
from reconciler.forge.gitlab import (
    acceptances,
    approvals,
    branches,
    issues,
    jobs,
    merge_requests,
    notes,
    people,
    proposals,
    pushes,
)
from reconciler.forge.gitlab.client import Client
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
class Project:
    """The verbs of the protocol over one client. `number`: the merge request of this job, `issue_number` the issue that
    has set it off; `job` and `environment` are those of apply."""

    client: Client
    number: int | None = None
    issue_number: int | None = None
    job: str = "apply"
    environment: str = "production"

    @property
    def organization(self) -> str:
        """See Forge."""
        return self.client.repository.rpartition("/")[0]

    def upsert_comment(self, number: int, marker: str, body: Callable[[str | None], str], author: str | None) -> Posted:
        """See Forge."""
        url = merge_requests.merge_request(self.client, number).url
        return notes.upsert_note(self.client, f"/merge_requests/{number}", url, marker, body, author)

    def answer_issue(self, issue: Issue, marker: str, body: Callable[[str | None], str], author: str | None) -> Posted:
        """See Forge."""
        url = str(self.client.get(f"/issues/{issue.number}")["web_url"])
        return notes.upsert_note(self.client, f"/issues/{issue.number}", url, marker, body, author)

    def upsert_issue(self, marker: str, title: str, body: str, author: str | None) -> PostedIssue:
        """See Forge."""
        return issues.upsert_issue(self.client, marker, title, body, author)

    def close_issue(self, marker: str, farewell: str, author: str | None) -> PostedIssue:
        """See Forge."""
        return issues.close_issue(self.client, marker, farewell, author)

    def open_issues(self, prefix: str, author: str | None) -> tuple[str, ...]:
        """See Forge."""
        return issues.open_issues(self.client, prefix, author)

    def post_status(self, commit: str, context: str, state: State, description: str, target: str | None) -> None:
        """Nothing: at GitLab the pipeline of a commit is its status, and to write another one on a protected branch
        takes the rights to push to it."""

    def applied(self, commits: Sequence[str], branch: str) -> tuple[str, ...]:
        """See Forge."""
        return jobs.applied(self.client, self.job, self.environment, commits, branch)

    def approvals(self, pull: PullRequest) -> tuple[Approval, ...]:
        """See Forge."""
        return tuple(approvals.approvals(self.client, pull))

    def acceptances(self, pull: PullRequest) -> tuple[Acceptance, ...]:
        """See Forge."""
        return tuple(acceptances.acceptances(self.client, pull))

    def pushed_by(self, pull: PullRequest, commits: frozenset[str]) -> frozenset[str] | None:
        """See Forge."""
        return pushes.pushed_by(self.client, pull, commits)

    def members(self, team: str) -> frozenset[str] | None:
        """See Forge."""
        return people.members(self.client, team)

    def fetch(self, folder: Path, pull: PullRequest) -> None:
        """See Forge. Git has what the runner gave it."""
        fetching.fetch(folder, f"refs/merge-requests/{pull.number}/head", {})

    def reviewed_plan(self, pull: PullRequest) -> dict[str, Any] | None:
        """See Forge."""
        return jobs.reviewed_plan(self.client, pull)

    def pull_request(self, number: int | None) -> PullRequest:
        """See Forge."""
        known = number or self.number
        if known is None:
            raise ForgeError("Which merge request is it? Give it with --pull-request NUMBER.")
        return merge_requests.merge_request(self.client, known)

    def issue(self) -> Issue:
        """See Forge."""
        if self.issue_number is None:
            raise ForgeError("No issue has set off this job.")
        return issues.asked_for(self.client, self.issue_number)

    def proposals(self, folder: str) -> tuple[Proposal, ...]:
        """See Forge."""
        return proposals.proposals(self.client, folder)

    def merged_by(self, commit: str) -> tuple[PullRequest, ...]:
        """See Forge."""
        return merge_requests.merged_by(self.client, commit)

    def merge_commit(self, folder: Path, pull: PullRequest) -> str:
        """See Forge. GitLab makes it when it is asked for it."""
        try:
            self.client.get(f"/merge_requests/{pull.number}/merge_ref")
        except Invalid as error:
            raise ForgeError(f"Merge request {pull.number} cannot be merged as it is: {error}") from error
        return fetching.merge_commit(folder, pull, f"refs/merge-requests/{pull.number}/merge", {})

    def propose(self, proposal: NewProposal) -> tuple[str, bool]:
        """See Forge."""
        return branches.propose(self.client, proposal)
