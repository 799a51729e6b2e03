"""Journal: the evidence of every run. Written, never read by the reconciler."""

from __future__ import annotations

import json
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reconciler.model.finding import Finding
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Plan


def entry(
    mesh: str,
    who: str,
    started: datetime,
    plan: Plan,
    findings: tuple[Finding, ...],
    outcomes: tuple[Outcome, ...],
    accepted: tuple[str, ...],
) -> dict[str, Any]:
    """One run as plain data: who, when, which commit and pull request, every step with its requests and its end."""
    return {
        "version": 1,
        "mesh": mesh,
        "by": who,
        "started": started.isoformat(),
        "ended": datetime.now(UTC).isoformat(),
        "commit": os.environ.get("GITHUB_SHA"),
        "run": os.environ.get("GITHUB_RUN_ID"),
        "pull_request": os.environ.get("MESHFORM_PULL_REQUEST"),
        "plan": plan.digest,
        "accepted": list(accepted),
        "findings": [str(finding) for finding in findings],
        "steps": [
            {
                "address": str(outcome.step.address),
                "action": outcome.step.change.action,
                "digest": outcome.step.digest,
                "origin": str(outcome.step.change.origin) if outcome.step.change.origin else None,
                "calls": [call.as_json() for call in outcome.step.calls],
                "result": outcome.result,
                "message": outcome.message,
            }
            for outcome in outcomes
        ],
        "held": [{"address": str(held.address), "reason": held.reason} for held in plan.held],
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
