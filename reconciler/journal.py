"""Journal: the evidence of every run, as plain data. Read for people, never to decide what is ours."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from platform import python_version
from typing import Any, Literal

from reconciler.access import AccessDifference, ChangedFact, changed_facts
from reconciler.model.address import Address
from reconciler.model.job import LAPTOP, Job
from reconciler.model.outcome import Outcome, Run
from reconciler.spec.mesh import Mesh
from reconciler.whole_file import replace_file

SENT, NOT_REACHED = "sent, answer not seen", "not reached"
Ending = Literal["running", "done", "done in part", "held back", "refused", "broken off"]
"""`running` is what is left of a run that was killed."""
MOST_ACCESS = 5_000
"""Rows of access that an entry tells; it says where there are more."""
_MOST_FACTS = 100_000


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
    access: Iterable[Mapping[str, Any]] | None = (),
    begun: Collection[Address] = (),
    acceptances: Iterable[Mapping[str, Any]] = (),
    owed: Iterable[Mapping[str, Any]] = (),
    announced: Iterable[str] = (),
) -> dict[str, Any]:
    """One run as plain data: who, when, which commit and pull requests, every step with its requests and its end.

    `approvals` is who approved which commit of which pull request, `not_approved` what lacks an approval. `access` is
    who gained and lost what (while it runs: would; None: not known); `begun` are steps of which something may have
    been sent.
    `accepted` are the gates that were accepted; of those accepted on a pull request `acceptances` says by whom and why.
    `owed` are notices that this run has not given (while it runs: may come to owe), `announced` the ids of those of
    earlier runs that it has given.
    """
    ends, rows = results(run, begun), list(access or ())
    return {
        "version": 1,
        "mesh": mesh,
        "by": who,
        "actor": job.actor,
        "started": run.started.isoformat(),
        "ended": None if ending == "running" else datetime.now(UTC).isoformat(),
        "outcome": ending,
        "commit": job.commit,
        "branch": job.branch,
        "uncommitted": list(job.uncommitted),
        "versions": {"meshform": version("meshform"), "python": python_version()},
        "run": job.run,
        "pull_requests": list(pull_requests),
        "approvals": approvals,
        "not_approved": list(not_approved),
        "plan": run.plan.digest,
        "accepted": list(accepted),
        "acceptances": list(acceptances),
        "changed_since": run.plan.read_scope.since if run.plan.read_scope is not None else None,
        "findings": [str(finding) for finding in run.findings],
        "steps": [
            {
                "address": str(step.address),
                "action": step.change.action,
                "digest": step.digest,
                "origin": str(step.change.origin) if step.change.origin else None,
                "calls": [call.as_json() for call in step.calls],
                "result": ends[step.address][0],
                "message": ends[step.address][1],
            }
            for step in run.plan.steps
        ],
        "access": rows[:MOST_ACCESS],
        "access_is_whole": access is not None and len(rows) <= MOST_ACCESS,
        "held": [{"address": str(held.address), "reason": held.reason} for held in run.plan.held],
        "owed": list(owed),
        "announced": list(announced),
    }


def results(run: Run, begun: Collection[Address]) -> dict[Address, tuple[str, str]]:
    """What became of each step, with the words about it; `begun` are those of which something may have been sent."""
    ends = {outcome.step.address: (str(outcome.result), outcome.message) for outcome in run.outcomes}
    open_ = {step.address: (SENT if step.address in begun else NOT_REACHED, "") for step in run.plan.steps}
    return open_ | ends


def access_rows(found: AccessDifference | None, mesh: Mesh) -> list[dict[str, Any]]:
    """Who gained and lost what, the worst first, columns that have everything else in common together.

    Of more than `MOST_ACCESS` rows one more, so that one sees it.
    """
    grouped: dict[tuple[Any, ...], list[ChangedFact]] = {}
    # What is lost may have come from what has ended or is suspended: the documents still say why it was there.
    before = replace(mesh, subscriptions=mesh.written or mesh.subscriptions)
    facts = changed_facts(found, mesh, before) if found is not None else iter(())
    for each in islice(facts, _MOST_FACTS):
        fact = each.fact
        shared = (each.gained, fact.key[:4], fact.thing, fact.permission, fact.path, fact.rows, fact.subscriptions)
        grouped.setdefault((*shared, fact.sensitivity), []).append(each)
    return [
        {
            "gained": first.gained,
            "principal": first.fact.principal,
            "name": first.fact.name,
            "principal_type": first.fact.principal_type,
            "consumer": first.fact.consumer,
            "product": first.fact.product,
            "domain": first.fact.domain,
            "table": f"{first.fact.database}.{first.fact.table}" if first.fact.table else first.fact.database,
            "columns": [each.fact.column for each in (first, *others) if each.fact.column],
            "sensitivity": first.fact.sensitivity,
            "thing": first.fact.thing,
            "permission": first.fact.permission,
            "path": first.fact.path,
            "rows": first.fact.rows,
            "subscriptions": list(first.fact.subscriptions),
        }
        for first, *others in islice(grouped.values(), MOST_ACCESS + 1)
    ]


def progress(sent: Iterable[Address], ended: Iterable[Outcome]) -> dict[str, Any]:
    """What has happened since the last progress of a run: steps begun, and steps that ended."""
    ends = {str(each.step.address): [each.result, each.message] for each in ended}
    return {"version": 1, "at": datetime.now(UTC).isoformat(), "sent": [str(each) for each in sent], "ended": ends}


def with_progress(data: dict[str, Any], parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The first entry of a run that has no last one, with what its progress tells, oldest first."""
    ends: dict[str, tuple[str, str]] = {}
    for part in parts:
        ends |= dict.fromkeys(part["sent"], (SENT, ""))
        ends |= {address: (result, message) for address, (result, message) in part["ended"].items()}
    steps = [
        {**step, "result": ends[step["address"]][0], "message": ends[step["address"]][1]}
        if step["address"] in ends
        else step
        for step in data["steps"]
    ]
    return {**data, "steps": steps}


def progress_folder(file: str) -> str:
    """Where the progress of the run of this entry is, below the journal."""
    return f"under-way/{file.removesuffix('.json')}/"


def name(started: datetime) -> str:
    """The file name of an entry: sorts by time, never twice the same."""
    return f"{started:%Y-%m-%dT%H%M%SZ}-{secrets.token_hex(3)}.json"


def text(data: dict[str, Any]) -> str:
    """An entry as it is written."""
    return json.dumps(data, indent=2, sort_keys=True, default=str) + "\n"


def write(folder: str, file: str, data: dict[str, Any]) -> Path:
    """Write an entry into a folder of this machine, as a whole or not at all; its path."""
    path = Path(folder) / file
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, text(data).encode())
    return path
