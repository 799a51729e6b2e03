"""Runs: on which commits the apply workflow has come to its end.

A commit status can be written by everybody who may push a branch; that a workflow of the main branch has succeeded
cannot. https://docs.github.com/en/rest/actions/workflow-runs
"""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.forge.errors import NotFound
from reconciler.forge.github.client import Client, Row


def applied(client: Client, workflow: str, commits: Sequence[str], branch: str) -> tuple[str, ...]:
    """The commits of a branch on which a workflow has succeeded, among its newest hundred successes."""
    path = f"/actions/workflows/{workflow}/runs"
    try:
        rows = client.get(path, status="success", branch=branch, exclude_pull_requests="true", per_page=100)
    except NotFound:
        return ()
    done = {str(row["head_sha"]) for row in rows["workflow_runs"] if _is_own(row)}
    return tuple(commit for commit in commits if commit in done)


def _is_own(row: Row) -> bool:
    """A run of this repository's branch, for a push to it or started by hand; not one for a pull request."""
    same = (row.get("head_repository") or {}).get("id") == row["repository"]["id"]
    return same and row["event"] in ("push", "workflow_dispatch") and row["conclusion"] == "success"
