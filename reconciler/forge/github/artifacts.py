"""Reviewed plans, as the plan workflow has left them: artifacts of runs on the head of a pull request."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from reconciler.forge.github.client import Client, Row
from reconciler.forge.github.runs import planned
from reconciler.forge.protocol import ForgeError, PullRequest
from reconciler.model.plain_json import plain_json

WORKFLOW = "plan.yml"
"""The file of the workflow that plans, and"""
FILE = "plan.json"
"""what it uploads."""
_MOST = 64 * 1024 * 1024


def artifact_name(number: int) -> str:
    """The name of the artifact that holds the plan of a pull request."""
    return f"meshform-plan-{number}"


def reviewed_plan(client: Client, pull: PullRequest) -> dict[str, Any] | None:
    """The newest plan that was made for the head of a merged pull request; None when there is none.

    Anybody can upload an artifact of any name in a run of his fork, and whoever may push a branch in a workflow that he
    puts there; so only runs of the plan workflow for this pull request count, on the very commit that was merged.
    """
    if pull.is_fork:
        return None
    rows = client.pages("/actions/artifacts", "artifacts", name=artifact_name(pull.number))
    ours = [row for row in rows if _is_of(row, pull)]
    runs = planned(client, WORKFLOW, pull) if ours else frozenset()
    ours = [row for row in ours if row["workflow_run"].get("id") in runs]
    if not ours:
        return None
    newest = max(ours, key=lambda row: (str(row["created_at"]), int(row["id"])))
    plan = _unpacked(client.download(f"/actions/artifacts/{newest['id']}/zip", _MOST), pull)
    return {**plan, "pull_request": pull.number}


def _is_of(row: Row, pull: PullRequest) -> bool:
    run = row.get("workflow_run") or {}
    here = run.get("repository_id") is not None and run.get("repository_id") == run.get("head_repository_id")
    return here and run.get("head_sha") == pull.head and not row["expired"]


def _unpacked(content: bytes, pull: PullRequest) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.getinfo(FILE).file_size > _MOST:
                raise ForgeError(f"The plan of pull request {pull.number} is larger than {_MOST} bytes.")
            data = plain_json(archive.read(FILE))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ForgeError(f"The artifact of pull request {pull.number} holds no {FILE} that can be read.") from error
    if not isinstance(data, dict):
        raise ForgeError(f"The artifact of pull request {pull.number} is no plan.")
    return data
