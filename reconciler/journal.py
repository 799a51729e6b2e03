"""Journal: the evidence of every run. Written, never read by the reconciler."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from reconciler.model.job import LAPTOP, Job
from reconciler.model.outcome import Run

Ending = Literal["running", "done", "done in part", "held back", "refused", "broken off"]
"""`running` is what is left of a run that was killed."""


def entry(
    mesh: str,
    who: str,
    run: Run,
    ending: Ending,
    job: Job = LAPTOP,
    accepted: Iterable[str] = (),
    pull_requests: Iterable[int] = (),
    approvals: Mapping[str, Any] | None = None,
    not_approved: Iterable[str] = (),
) -> dict[str, Any]:
    """One run as plain data: who, when, which commit and pull requests, every step with its requests and its end.

    `approvals` is who approved which commit of which pull request, `not_approved` what lacks an approval.
    """
    ends = {outcome.step.address: outcome for outcome in run.outcomes}
    return {
        "version": 1,
        "mesh": mesh,
        "by": who,
        "actor": job.actor,
        "started": run.started.isoformat(),
        "ended": None if ending == "running" else datetime.now(UTC).isoformat(),
        "outcome": ending,
        "commit": job.commit,
        "run": job.run,
        "pull_requests": list(pull_requests),
        "approvals": approvals,
        "not_approved": list(not_approved),
        "plan": run.plan.digest,
        "accepted": list(accepted),
        "changed_since": run.plan.read_scope.since if run.plan.read_scope is not None else None,
        "findings": [str(finding) for finding in run.findings],
        "steps": [
            {
                "address": str(step.address),
                "action": step.change.action,
                "digest": step.digest,
                "origin": str(step.change.origin) if step.change.origin else None,
                "calls": [call.as_json() for call in step.calls],
                "result": ends[step.address].result if step.address in ends else "not reached",
                "message": ends[step.address].message if step.address in ends else "",
            }
            for step in run.plan.steps
        ],
        "held": [{"address": str(held.address), "reason": held.reason} for held in run.plan.held],
    }


def name(started: datetime) -> str:
    """The file name of an entry: sorts by time, never twice the same."""
    return f"{started:%Y-%m-%dT%H%M%SZ}-{secrets.token_hex(3)}.json"


def text(data: dict[str, Any]) -> str:
    """An entry as it is written."""
    return json.dumps(data, indent=2, sort_keys=True, default=str) + "\n"


def write(folder: str, file: str, data: dict[str, Any]) -> Path:
    """Write an entry into a folder of this machine; its path."""
    path = Path(folder) / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(data), encoding="utf-8")
    return path
