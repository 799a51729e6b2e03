"""Safety rules over a plan, one file each, found by folder. What a gate finds must be accepted by name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from functools import cache

from reconciler.errors import Refused
from reconciler.model.finding import Finding
from reconciler.model.plan import ApprovedPlan, Plan
from reconciler.plan.review import Review

Gate = Callable[[Review], Iterable[Finding]]


@cache
def gates() -> tuple[Gate, ...]:
    """The function `findings` of every module in this folder, by name of the module."""
    modules = sorted(info.name for info in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}").findings for name in modules)


def judge(reviewed: Review) -> tuple[Finding, ...]:
    """What all gates say of a review with a plan; `error` stops apply, `warning` and `note` do not."""
    return tuple(finding for gate in gates() for finding in gate(reviewed))


def approve(plan: Plan, findings: Iterable[Finding], accepted: Iterable[str]) -> ApprovedPlan:
    """The plan as one that may be carried out. Raises Refused while a rule that stops it is not accepted by name."""
    every, names = tuple(findings), set(accepted)
    blockers = [finding for finding in every if finding.severity == "error" and finding.rule not in names]
    if blockers:
        lines = "\n".join(f"  {finding}" for finding in blockers)
        flags = " ".join(f"--accept {rule}" for rule in sorted({finding.rule for finding in blockers}))
        raise Refused(
            f"The plan is refused; nothing was changed.\n{lines}",
            hints=(
                *dict.fromkeys(hint for finding in blockers for hint in finding.hints),
                f"if this is what you want, accept by name: `meshform apply {flags}`",
            ),
        )
    return ApprovedPlan(plan, every)
