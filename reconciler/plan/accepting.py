"""Accepting: what stops a plan, and the digest of what exactly is accepted where somebody accepts it."""

from __future__ import annotations

from reconciler.model.call import digest_of
from reconciler.model.finding import Finding
from reconciler.plan.review import Review


def stopping(reviewed: Review) -> tuple[Finding, ...]:
    """What stops apply until it is accepted, by rule."""
    if reviewed.plan is None:
        return ()
    return tuple(sorted((each for each in reviewed.findings if each.severity == "error"), key=lambda each: each.rule))


def gate_digest(reviewed: Review, rule: str, head: str) -> str:
    """What an acceptance of a rule stands for: the requests of the plan, who gains and loses what by it, what the rule
    has found, and the commit of the pull request. Where any of that is otherwise, it is something else."""
    assert reviewed.plan is not None, "a gate judges a plan"
    found = sorted(each.message for each in stopping(reviewed) if each.rule == rule)
    access = reviewed.access.as_json() if reviewed.access is not None else None
    return digest_of([reviewed.mesh.name, head, reviewed.plan.digest, access, rule, found])
