"""A review as JSON, version 1: fields are added, never changed in meaning."""

from __future__ import annotations

from typing import Any

from reconciler.access import counts
from reconciler.model.change import Change, Update
from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.model.plan import Step
from reconciler.model.read_scope import ReadScope
from reconciler.owners.accepting import acceptors
from reconciler.owners.approval import Demand, demands
from reconciler.plan.accepting import gate_digest, stopping
from reconciler.plan.openings import openings
from reconciler.plan.review import Review
from reconciler.report.access_parts import Entries
from reconciler.report.difference import differences
from reconciler.report.people import People
from reconciler.report.verdict import sentence, verdict


def plan_json(reviewed: Review) -> dict[str, Any]:
    """The plan of a review. Without AWS (`--offline`) there are no steps, only what the change asks for."""
    plan = reviewed.plan
    data: dict[str, Any] = {
        "version": 1,
        "digest": plan.digest if plan else None,
        "complete": plan.is_complete if plan else False,
        "steps": [_step(step) for step in plan.steps] if plan else [],
        "held": [
            {"address": str(held.address), "action": held.change.action, "reason": held.reason} for held in plan.held
        ]
        if plan
        else [],
        "gaps": [
            {"kind": gap.kind, "account": gap.placement.account, "region": gap.placement.region, "reason": gap.reason}
            for gap in plan.gaps
        ]
        if plan
        else [],
        "foreign": [
            {"address": str(other.resource.address), "reason": other.reason, "note": other.resource.remark}
            for other in plan.foreign
        ]
        if plan
        else [],
        "findings": [finding_json(finding) for finding in reviewed.findings],
        "access": reviewed.access.as_json() if reviewed.access else None,
        "verdict": _verdict(reviewed),
    }
    if plan is not None and plan.read_scope is not None:
        data["portion"] = read_scope_json(plan.read_scope)
    if reviewed.before is not None and reviewed.asked is not None:
        data["asked"] = [
            {
                "address": str(change.address),
                "action": change.action,
                "origin": origin_json(change.origin),
                "diff": differences(change),
                **({"opens": opened} if (opened := sorted(_opened(change))) else {}),
            }
            for change in reviewed.asked
        ]
        data["asked_access"] = reviewed.asked_access.as_json() if reviewed.asked_access else None
        data["approvals"] = [_approval(demand) for demand in _demands(reviewed)]
    return data


def _opened(change: Change) -> frozenset[str]:
    """What an update lets besides, so that apply can tell it from what somebody has closed; of what is made, all."""
    return openings(change) if isinstance(change, Update) else frozenset()


def _verdict(reviewed: Review) -> dict[str, Any] | None:
    """The headline and what stands behind it. `besides` is what the plan does though the change did not ask for it."""
    found = verdict(reviewed, People.of(reviewed))
    if found is None:
        return None
    return {
        "sentence": sentence(found),
        "refused_by": list(dict.fromkeys(finding.rule for finding in stopping(reviewed))),
        "gates": [
            {
                "rule": rule,
                "acceptors": list(acceptors(reviewed, rule, reviewed.before)),
                "digest": gate_digest(reviewed, rule, reviewed.head) if reviewed.head is not None else None,
            }
            for rule in dict.fromkeys(finding.rule for finding in stopping(reviewed))
        ],
        "gained": _counts(found.gained),
        "lost": _counts(found.lost),
        "besides": {
            "gained": [entry.as_json() for entry in found.besides_gained],
            "lost": [entry.as_json() for entry in found.besides_lost],
        },
        "machinery": found.machinery,
        "roles": [
            {
                "account": each.change.address.placement.account,
                "role": each.name,
                "gives": each.gives,
                "asked": each.asked,
            }
            for each in found.roles
        ],
        "reopened": [
            {
                "address": str(each.step.address),
                "closed": each.closed,
                "access": [
                    {
                        "principal": principal,
                        "catalog": place.catalog,
                        "database": place.database,
                        "table": place.table,
                        "columns": columns,
                    }
                    for (principal, place), columns in each.columns.items()
                ],
            }
            for each in found.reopened
        ],
    }


def _counts(entries: Entries) -> dict[str, int]:
    count = counts(entries)
    return {"principals": count.principals, "tables": count.tables, "columns": count.columns}


def read_scope_json(read_scope: ReadScope) -> dict[str, Any]:
    """What of AWS was read: kinds in accounts, and of some kinds which databases (null: all)."""
    return {
        "since": read_scope.since,
        "places": [
            {
                "kind": kind,
                "account": placement.account,
                "region": placement.region,
                "databases": None if databases is None else sorted(databases),
            }
            for (kind, placement), databases in read_scope.places.items()
        ],
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding with its place."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "message": finding.message,
        "origin": origin_json(finding.origin),
    }


def origin_json(origin: Origin | None) -> dict[str, Any] | None:
    """A place in a file."""
    return {"file": origin.file, "line": origin.line, "column": origin.column} if origin else None


def _demands(reviewed: Review) -> tuple[Demand, ...]:
    return demands(reviewed.before, reviewed.mesh) if reviewed.before is not None else ()


def _approval(demand: Demand) -> dict[str, Any]:
    document = {"kind": demand.document.kind, "name": demand.document.name}
    who = {"who": demand.who or None, "instead": list(demand.instead)}
    return {"document": document, "way": demand.way, **who, "why": demand.why}


def _step(step: Step) -> dict[str, Any]:
    return {
        "address": str(step.address),
        "action": step.change.action,
        "digest": step.digest,
        "origin": origin_json(step.change.origin),
        "calls": [call.as_json() for call in step.calls],
        "waits_for": [str(address) for address in step.waits_for],
        "diff": differences(step.change),
    }
