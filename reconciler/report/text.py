"""A review for the terminal: first what people want to know, then the resources, with -v the requests."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from reconciler.model.change import Change
from reconciler.model.finding import Finding
from reconciler.model.plan import Plan, Step
from reconciler.plan.build import gaps_in_words
from reconciler.plan.review import Review
from reconciler.report.difference import differences
from reconciler.report.words import Names, counted, line

COLORS = {"+": "green", "~": "yellow", "-": "red", "!": "magenta"}
_MANY = 40


def plan_text(reviewed: Review, verbosity: int = 0) -> Iterator[str]:
    """The lines of a review. `verbosity` 1 adds the fields and the literal requests."""
    names = Names.of(reviewed.mesh)
    if reviewed.asked is not None:
        yield f"Since {reviewed.base}, the mesh asks for: {counted(reviewed.asked)}."
        yield from _changes(reviewed.asked, names)
        yield ""
    if reviewed.plan is not None:
        yield from _plan(reviewed.plan, names, verbosity)
    yield from findings_text(reviewed.findings)


def findings_text(findings: Iterable[Finding]) -> Iterator[str]:
    """One line for each finding, with its place and rule."""
    for finding in findings:
        yield f"{finding.severity}: {finding}"


def _plan(plan: Plan, names: Names, verbosity: int) -> Iterator[str]:
    if plan.is_empty and plan.is_complete:
        yield "No changes. AWS is as the mesh says."
    else:
        yield f"Plan {plan.digest}: {counted(step.change for step in plan.steps)}."
    steps = {step.address: step for step in plan.steps}
    for cell, group in groupby(sorted(steps.values(), key=_by_place), key=lambda step: step.address.cell):
        yield ""
        yield f"In {names.cell(cell)}:"
        for step in group:
            yield f"  {line(step.change)}"
            if verbosity:
                yield from _details(step)
    if plan.held:
        yield ""
        yield f"Held back, not done now ({len(plan.held)}):"
        for held in plan.held[:_MANY]:
            yield f"  ! {held.address}: {held.reason}"
        yield from _rest(len(plan.held))
    if plan.gaps:
        yield ""
        yield "The plan is incomplete. What was not seen is neither created again nor deleted:"
        for text in gaps_in_words(plan.gaps):
            yield f"  ! {text}"
    if plan.foreign:
        yield ""
        yield f"Not ours, left alone ({len(plan.foreign)}):"
        for other in plan.foreign[:_MANY]:
            yield f"  {other.resource.address}: {other.reason}"
        yield from _rest(len(plan.foreign))


def _changes(changes: Sequence[Change], names: Names) -> Iterator[str]:
    ordered = sorted(changes, key=lambda change: (change.address.cell, change.address))
    for cell, group in groupby(ordered, key=lambda change: change.address.cell):
        yield f"In {names.cell(cell)}:"
        for change in group:
            yield f"  {line(change)}"


def _details(step: Step) -> Iterator[str]:
    """Where it comes from, what differs, and the literal requests."""
    if step.change.origin:
        yield f"      asked for in {step.change.origin}"
    for row in differences(step.change):
        yield f"      {row['field']}: {_short(row['before'])} → {_short(row['after'])}"
    for call in step.calls:
        yield f"      {call.service}.{call.operation} {json.dumps(dict(call.params), sort_keys=True, default=str)}"


def _by_place(step: Step) -> tuple[object, ...]:
    return (step.address.cell, step.address)


def _short(value: object) -> str:
    text = json.dumps(value, sort_keys=True, default=str)
    return text if len(text) <= 160 else text[:157] + "..."


def _rest(count: int) -> Iterator[str]:
    if count > _MANY:
        yield f"  and {count - _MANY} more; `--format json` lists all"
