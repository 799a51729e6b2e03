"""Merging: what happens when a change is merged or a plan is applied: at once, after whose word, or refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from reconciler.model.finding import Finding
from reconciler.owners.accepting import acceptors, how_to_accept
from reconciler.owners.approval import Demand, demands
from reconciler.plan.accepting import stopping
from reconciler.plan.review import Review
from reconciler.report.access_parts import number
from reconciler.report.approvals import approval_lines, summary
from reconciler.report.hints import hint_lines
from reconciler.report.lines import Line
from reconciler.report.plain import plain
from reconciler.report.verdict import Verdict

MANY = 5
"""Findings of one gate that are told on the first screen."""


def merging_lines(reviewed: Review, found: Verdict | None, plan_counts: str) -> Iterator[Line]:
    """Who must approve, which gate refuses until it is accepted and how, what waits, and what apply makes."""
    if reviewed.before is not None:
        asked = demands(reviewed.before, reviewed.mesh)
        yield Line(" ", summary(reviewed.before, reviewed.mesh, asked))
        yield from approval_lines([demand for demand in asked if demand.way != "automatic"], reviewed.unasked)
        yield from _automatic(asked)
    stops = stopping(reviewed)
    yield from _refusals(reviewed, stops)
    if reviewed.plan is None:
        return
    if found is not None and found.waiting:
        yield from _waiting(reviewed, found)
    if reviewed.plan.held:
        changes = number(len(reviewed.plan.held), "change")
        yield Line("!", f"{changes} {'is' if len(reviewed.plan.held) == 1 else 'are'} held back; the reasons are below")
    if reviewed.requested is None and found is not None and found.gained:
        yield Line(" ", "whether the mesh asks for that newly or AWS lost it by hand: `meshform plan --base REF` says")
    if not reviewed.plan.is_empty:
        yield Line(" ", f"apply {'then' if stops else 'at once'}: {plan_counts}")
    elif not reviewed.plan.held:
        yield Line(" ", "apply has nothing to do")


def _refusals(reviewed: Review, stops: Sequence[Finding]) -> Iterator[Line]:
    for rule, group in groupby(stops, key=lambda each: each.rule):
        every = list(group)
        who = "somebody who may apply accepts"
        if reviewed.head is not None:
            who = f"{accepting(plain(each) for each in acceptors(reviewed, rule, reviewed.before))}"
        yield Line("!", f"apply is refused by `{rule}` until {who} it:")
        yield from (Line("!", f"  {finding.message}", origin=finding.origin) for finding in every[:MANY])
        hints = dict.fromkeys(hint for finding in every for hint in finding.hints)
        yield from (Line(" ", f"  {hint}") for hint in hint_lines(hints))
        if len(every) > MANY:
            yield Line("!", f"  and {len(every) - MANY} more findings of `{rule}` below")
        if reviewed.head is not None:
            yield Line(" ", f"  to accept, {how_to_accept(reviewed, rule, reviewed.head, reviewed.before)}")
    if stops:
        rules = list(dict.fromkeys(finding.rule for finding in stops))
        flags = " ".join(f"--accept {rule}" for rule in rules)
        other = "" if reviewed.head is None else "otherwise "
        yield Line(
            " ",
            f"{other}to accept: `meshform apply {flags}`, or start the apply workflow with accept: {' '.join(rules)}",
        )


def accepting(who: Iterable[str]) -> str:
    """Who accepts, with the verb: of several all of them."""
    names = list(who)
    return f"{' and '.join(names)} accept{'s' if len(names) == 1 else ''}"


def _automatic(asked: Sequence[Demand]) -> Iterator[Line]:
    yield from approval_lines([demand for demand in asked if demand.way == "automatic"])


def _waiting(reviewed: Review, found: Verdict) -> Iterator[Line]:
    """What the change gives and the plan does not."""
    who = len({entry.principal for entry in found.waiting})
    columns = number(len({(entry.place, column) for entry in found.waiting for column in entry.columns}), "column")
    assert reviewed.plan is not None
    if reviewed.plan.is_complete:
        yield Line(" ", f"{number(who, 'principal')} that this change gives {columns} can read them in AWS already")
    else:
        why = "but not by this plan: not everything was seen"
        yield Line("!", f"{number(who, 'principal')} would gain {columns} by this change, {why}")
