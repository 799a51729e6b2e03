"""Drift in words: what is missing, what was changed, what is there and nobody asked for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from reconciler.kinds import registry
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.finding import Finding
from reconciler.plan.build import gaps_in_words
from reconciler.plan.gates.policy import standing
from reconciler.plan.requested_access import RequestedAccess
from reconciler.plan.review import Review
from reconciler.report.difference import differences
from reconciler.report.lines import MARKS
from reconciler.report.names import Names
from reconciler.report.outline import foreign_text
from reconciler.report.people import People
from reconciler.report.verdict import drift_sentence, verdict


def broken_invariants(reviewed: Review) -> tuple[Finding, ...]:
    """What policies over `access` say of what AWS has now, and deny or warn of."""
    if reviewed.access is None or not reviewed.mesh.policies:
        return ()
    found = (breach.finding for breach in standing(reviewed, reviewed.access.before))
    return tuple(finding for finding in found if finding.severity != "note")


def drift_text(reviewed: Review, verbosity: int = 0) -> Iterator[str]:
    """The lines of a drift report."""
    plan, names = reviewed.plan, Names.of(reviewed.mesh)
    assert plan is not None, "drift is read from AWS"
    kinds = registry()
    changes = [step.change for step in plan.steps if kinds[step.address.kind].lasting]
    changes.sort(key=lambda change: (change.address.placement, change.address))
    if plan.added_rights:
        count = len(plan.added_rights)
        rights = "right" if count == 1 else "rights"
        yield f"{count} {rights} on what is ours that no document gives. Apply leaves such rights."
        for other in plan.added_rights:
            yield f"  ! not asked for: {foreign_text(other)}"
    for held in plan.unmet:
        where = names.placement(held.address.placement)
        yield f"Not as it is needed: {held.address.kind} {held.address.name} in {where}: {held.reason}"
    breaches = broken_invariants(reviewed)
    if breaches:
        yield f"{len(breaches)} {'breach' if len(breaches) == 1 else 'breaches'} of the mesh's policies in AWS."
        for finding in breaches:
            yield f"  ! {finding.rule}: {finding.message}"
    if not changes and not plan.added_rights and not plan.unmet and not breaches:
        yield "No drift. AWS is as the mesh says." if plan.is_complete else "No drift in what was seen."
    elif changes:
        differ = "1 difference" if len(changes) == 1 else f"{len(changes)} differences"
        yield f"{differ}. `meshform apply` repairs: + made again, ~ set back, - taken away."
    found = verdict(reviewed, People.of(reviewed), RequestedAccess())
    people = drift_sentence(found) if found is not None else None
    if people is not None:
        yield people
    for placement, group in groupby(changes, key=lambda change: change.address.placement):
        yield ""
        yield f"In {names.placement(placement)}:"
        for change in group:
            yield f"  {_words(change)}"
            if isinstance(change, Update):
                for row in differences(change):
                    yield f"      {row['field']}: is {row['before']!r}, should be {row['after']!r}"
            if verbosity and change.origin:
                yield f"      asked for in {change.origin}"
    for text in gaps_in_words(plan.gaps):
        yield f"! {text}"
    others = [other for other in plan.foreign if not other.is_drift]
    if others:
        yield ""
        yield f"Not ours, left alone ({len(others)}):"
        for other in others:
            yield f"  {foreign_text(other)}"


def _words(change: Change) -> str:
    kind = change.address.kind
    mark = MARKS[change.action]
    match change:
        case Create():
            return f"{mark} missing: {kind} {change.address.name}"
        case Update():
            return f"{mark} changed: {kind} {change.address.name}"
        case Delete(have):
            note = f" ({have.remark})" if have.remark else ""
            return f"{mark} not asked for: {kind} {have.address.name}{note}"
