"""Runs: on which commits the apply workflow has come to its end, and which have planned for a pull request.

A commit status can be written by everybody who may push a branch; that a workflow of the main branch has succeeded
cannot. https://docs.github.com/en/rest/actions/workflow-runs
"""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.forge.errors import NotFound
from reconciler.forge.github.client import Client, Row
from reconciler.forge.protocol import PullRequest


def applied(client: Client, workflow: str, commits: Sequence[str], branch: str) -> tuple[str, ...]:
    """The commits of a branch on which a workflow has succeeded, among its newest hundred successes."""
    path = f"/actions/workflows/{workflow}/runs"
    try:
        rows = client.get(path, status="success", branch=branch, exclude_pull_requests="true", per_page=100)
    except NotFound:
        return ()
    done = {str(row["head_sha"]) for row in rows["workflow_runs"] if _is_own(row)}
    return tuple(commit for commit in commits if commit in done)


def planned(client: Client, workflow: str, pull: PullRequest) -> frozenset[int]:
    """The ids of the runs of a workflow for a pull request, on its very head."""
    try:
        path = f"/actions/workflows/{workflow}/runs"
        rows = [*client.pages(path, "workflow_runs", head_sha=pull.head, event="pull_request")]
    except NotFound:
        return frozenset()
    return frozenset(int(row["id"]) for row in rows if _is_for(row, workflow, pull))


def _is_for(row: Row, workflow: str, pull: PullRequest) -> bool:
    """A run of that file for a pull request of this repository's own branch, on its head.

    GitHub lists pull requests of a run while they are open: where it lists some, ours is one of them, for its base.
    """
    file = str(row["path"]).partition("@")[0].rpartition("/")[2]
    told = (row["event"], row["head_sha"], row["head_branch"])
    listed = [(each["number"], each["base"]["ref"]) for each in row.get("pull_requests") or ()]
    is_listed = not listed or (pull.number, pull.base) in listed
    return _is_here(row) and file == workflow and told == ("pull_request", pull.head, pull.branch) and is_listed


def _is_own(row: Row) -> bool:
    """A run of this repository's branch, for a push to it or started by hand; not one for a pull request."""
    return _is_here(row) and row["event"] in ("push", "workflow_dispatch") and row["conclusion"] == "success"


def _is_here(row: Row) -> bool:
    """A run of a branch of the repository itself, and of no fork."""
    return bool((row.get("head_repository") or {}).get("id") == row["repository"]["id"])
