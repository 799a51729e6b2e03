"""Jobs: on which commits apply has come to its end, and the plans that jobs of merge requests have kept.

https://docs.gitlab.com/api/deployments/ · https://docs.gitlab.com/api/jobs/ · https://docs.gitlab.com/api/job_artifacts/

Whoever may push branches may write the status of a commit, and a deployment, by the API. That a job of the main branch
has succeeded he cannot: so the job behind a deployment is what counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from reconciler.forge.client import Row
from reconciler.forge.errors import NotFound
from reconciler.forge.gitlab.client import Client
from reconciler.forge.protocol import ForgeError, PullRequest
from reconciler.model.plain_json import plain_json

PLAN = "plan"
"""The job that plans, and"""
FILE = "plan.json"
"""what it keeps."""
_MOST = 64 * 1024 * 1024
_NEWEST = 100
_PIPELINES = 20


def applied(client: Client, job: str, environment: str, commits: Sequence[str], branch: str) -> tuple[str, ...]:
    """The commits of a branch on which a job has succeeded in its environment, among its newest hundred successes."""
    rows = client.pages("/deployments", environment=environment, status="success", order_by="id", sort="desc")
    jobs = (row.get("deployable") or {} for row in islice(rows, _NEWEST))
    done = {str(each["commit"]["id"]) for each in jobs if _is_own(each, job, branch)}
    return tuple(commit for commit in commits if commit in done)


def _is_own(job: Row, name: str, branch: str) -> bool:
    """A success on the branch itself, for a push to it or started by hand; not one for a merge request, a tag of the
    branch's name, or a pipeline that another one has made."""
    if job.get("name") != name or job.get("status") != "success":
        return False
    same = job["ref"] == branch == job["pipeline"]["ref"] and job["tag"] is False
    return same and job["pipeline"].get("source") in ("push", "web")


def reviewed_plan(client: Client, pull: PullRequest) -> dict[str, Any] | None:
    """The newest plan that was made for the head of a merged merge request; None when there is none.

    Only pipelines of this project count, on the very commit that was merged or on what merging it made. A pipeline of a
    fork is the fork's.
    """
    if pull.is_fork:
        return None
    project = client.get(f"/merge_requests/{pull.number}")["target_project_id"]
    rows = client.pages(f"/merge_requests/{pull.number}/pipelines")
    ours = [row for row in rows if _is_of(row, pull.number, project)]
    for pipeline in sorted(ours, key=lambda row: int(row["id"]), reverse=True)[:_PIPELINES]:
        for job in client.pages(f"/pipelines/{pipeline['id']}/jobs", scope="success"):
            if job["name"] == PLAN and pull.head in (job["commit"]["id"], *job["commit"]["parent_ids"][1:]):
                plan = _plan(client, int(job["id"]), pull.number)
                if plan is not None:
                    return {**plan, "pull_request": pull.number}
    return None


def _is_of(row: Row, number: int, project: object) -> bool:
    """A pipeline of this project for a merge request: of its branch, its merge or its train, which GitLab alone makes.
    Not one that another pipeline has made: its jobs come from a file of that one's choice."""
    refs = tuple(f"refs/merge-requests/{number}/{kind}" for kind in ("head", "merge", "train"))
    return row["project_id"] == project and row["ref"] in refs and row.get("source") == "merge_request_event"


def _plan(client: Client, job: int, number: int) -> dict[str, Any] | None:
    """The plan that a job has kept; None where it is kept no longer."""
    try:
        data = plain_json(client.download(f"/jobs/{job}/artifacts/{FILE}", _MOST))
    except NotFound:
        return None
    except ValueError as error:
        raise ForgeError(f"The plan of merge request {number} cannot be read.") from error
    if not isinstance(data, dict):
        raise ForgeError(f"The plan of merge request {number} is no plan.")
    return data
