"""Drift: what a review of AWS says of it, with who made it and what the mesh's policies say; and as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reconciler.drift.causes import Causes, key, known
from reconciler.drift.deviations import Deviation, deviations
from reconciler.drift.events import Heard
from reconciler.model.finding import Finding
from reconciler.model.plan import Plan
from reconciler.plan.gates.undeclared_column import UNDECLARED_COLUMN
from reconciler.plan.review import Review
from reconciler.report.exposure import Exposures, exposures
from reconciler.report.json_v1 import finding_json, plan_json


def broken_invariants(reviewed: Review) -> tuple[Finding, ...]:
    """What policies over `access` say of what AWS has now, and deny or warn of."""
    if reviewed.access is None or not reviewed.mesh.policies:
        return ()
    from reconciler.plan.policed import standing

    found = (breach.finding for breach in standing(reviewed, reviewed.access.before))
    return tuple(finding for finding in found if finding.severity != "note")


@dataclass(frozen=True)
class Drift:
    """What a review of AWS says of drift, with who made it where that is known.

    `untold` are places whose history could not be asked, with why; `heard` the events because of which it was looked.
    """

    reviewed: Review
    asked: Causes = field(default_factory=dict)
    untold: tuple[str, ...] = ()
    heard: Heard | None = None

    @property
    def plan(self) -> Plan:
        assert self.reviewed.plan is not None, "drift is read from AWS"
        return self.reviewed.plan

    @cached_property
    def deviations(self) -> tuple[Deviation, ...]:
        return deviations(self.plan)

    @cached_property
    def causes(self) -> Causes:
        """Who made what: as AWS tells it with the things themselves, and as its history was asked."""
        return {**known(self.deviations), **self.asked}

    @cached_property
    def broken(self) -> tuple[Finding, ...]:
        return broken_invariants(self.reviewed)

    @cached_property
    def undeclared(self) -> tuple[Finding, ...]:
        """Columns that somebody reads and no document declares."""
        return tuple(each for each in self.reviewed.findings if each.rule == UNDECLARED_COLUMN.id)

    @cached_property
    def exposures(self) -> Exposures:
        return exposures(self.reviewed, self.deviations, self.causes)

    @property
    def is_there(self) -> bool:
        """Whether anything is left of it: only then an issue may be closed."""
        return bool(self.deviations or self.broken or self.undeclared or not self.plan.is_empty)


def drift_json(drift: Drift) -> dict[str, Any]:
    """JSON v1 of the plan that would repair it, with who is exposed, who made what, and what policies say."""
    made = [
        {"address": str(each.address), "way": each.way, "words": each.words, "by": cause.by, "at": cause.at}
        for each in drift.deviations
        if (cause := drift.causes.get(key(each))) is not None
    ]
    return plan_json(drift.reviewed) | {
        "drift": drift.is_there,
        "exposure": drift.exposures.as_json(),
        "causes": made,
        "history_not_read": list(drift.untold),
        "policies": [finding_json(each) for each in drift.broken],
        "undeclared_columns": [finding_json(each) for each in drift.undeclared],
        "events": _heard(drift.heard) if drift.heard is not None else None,
    }


def _heard(told: Heard) -> dict[str, Any]:
    calls = [
        {
            "name": call.name,
            "account": call.placement.account,
            "region": call.placement.region,
            "by": call.last_change.by,
            "at": call.at,
            "id": call.id,
        }
        for call in told.calls
    ]
    return {"messages": told.messages, "calls": calls, "others": dict(told.others)}
